// A product's form: what is ticked decides picture, price and stock; its button puts the variant into the cart.
import { buy } from "/storefront/shop.js";

const form = document.querySelector("[data-buy]");
const variants = JSON.parse(form.dataset.variants);
const picture = document.querySelector("[data-shot] img");
const groups = [...form.querySelectorAll("[data-option]")];

const ticked = (group) => group.querySelector("input:checked")?.value;
const chosen = () => Object.fromEntries(groups.map((group) => [group.dataset.option, ticked(group)]));
const fits = (variant, wanted) => Object.entries(wanted).every(([name, value]) => variant.options[name] === value);

function show() {
  const wanted = chosen();
  const variant = variants.find((one) => fits(one, wanted));
  for (const group of groups) {
    for (const box of group.querySelectorAll("input")) {
      const other = variants.find((one) => fits(one, { ...wanted, [group.dataset.option]: box.value }));
      box.parentElement.classList.toggle("gone", !other?.available);
    }
  }
  if (variant) {
    form.querySelector("[data-price]").textContent = variant.price_words;
    if (picture.getAttribute("src") !== variant.image) picture.src = variant.image;
  }
  form.querySelector("[data-stock]").textContent = variant ? variant.stock_words : "–";
  form.querySelector("button").disabled = !variant?.available;
  return variant;
}

form.addEventListener("change", (event) => {
  const name = event.target.closest("[data-option]")?.dataset.option;
  if (name && !variants.some((one) => fits(one, chosen()))) settleOn(variants.find((one) => one.options[name] === event.target.value));
  show();
});

// A combination that is not sold: keep what was ticked last, and tick what goes with it.
function settleOn(variant) {
  for (const group of groups) {
    for (const box of group.querySelectorAll("input")) box.checked = box.value === variant?.options[group.dataset.option];
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const variant = show();
  if (variant?.available) {
    buy({ product_id: form.dataset.buy, variant_id: variant.variant_id, quantity: Number(form.elements.quantity.value) });
  }
});

show();
