// On every page: the cart's count, what the chat puts into the cart, menus that close.
import { addToCart, countPieces, readCatalogue } from "/storefront/cart.js";

const badge = document.querySelector("[data-cart-count]");
const toast = document.querySelector("[data-toast]");

function showCount() {
  if (badge) badge.textContent = countPieces() || "";
}

let hiding = 0;
function tell(name) {
  toast.textContent = toast.dataset.toast.replace("{name}", name);
  toast.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { toast.hidden = true; }, 4000);
}

export async function buy(wanted) {
  if (!addToCart(wanted)) return;
  const known = (await readCatalogue())[wanted.variant_id];
  if (known) tell(known.name);
}

document.addEventListener("dragoman:add-to-cart", (event) => buy(event.detail ?? {}));
document.addEventListener("cart-changed", showCount);
addEventListener("storage", showCount);

for (const menu of document.querySelectorAll("[data-menu]")) {
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); }
  });
}

showCount();
if (document.querySelector("[data-buy]")) import("/storefront/product.js");
