// The cart's page: entries of this browser, with names and prices of the server.
import { readCart, readCatalogue, setQuantity } from "/storefront/cart.js";

const place = document.querySelector("[data-cart]");
const words = place.dataset;
const catalogue = await readCatalogue(words.cart);

function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const money = (amount, currency) => new Intl.NumberFormat(words.language, { style: "currency", currency }).format(amount);

function line(entry, told) {
  const count = make("input", { type: "number", min: 1, max: 20, value: entry.quantity, inputMode: "numeric" });
  count.setAttribute("aria-label", `${words.quantity}: ${told.name}`);
  count.addEventListener("change", () => setQuantity(entry.variant_id, Math.min(Math.max(Math.trunc(count.value) || 1, 1), 20)));
  const remove = make("button", { type: "button", className: "quiet", textContent: words.remove });
  remove.setAttribute("aria-label", `${words.remove}: ${told.name}`);
  remove.addEventListener("click", () => setQuantity(entry.variant_id, 0));
  const about = Object.values(told.options).join(", ");
  return make("li", {},
    make("img", { src: told.image, alt: "", width: 120, height: 90 }),
    make("div", {}, make("a", { href: told.link, textContent: told.name }), make("span", { textContent: about }), remove),
    count,
    make("span", { className: "price", textContent: told.price === null ? "" : money(told.price * entry.quantity, told.currency) }),
  );
}

function show() {
  const known = readCart().map((entry) => [entry, catalogue[entry.variant_id]]).filter(([, told]) => told);
  if (!known.length) return place.replaceChildren(make("p", { className: "lead", textContent: words.empty }));
  const sums = {};
  for (const [entry, told] of known) {
    if (told.price !== null) sums[told.currency] = (sums[told.currency] ?? 0) + Math.round(told.price * 100) * entry.quantity;
  }
  const total = Object.entries(sums).map(([currency, cents]) => money(cents / 100, currency)).join(" + ");
  place.replaceChildren(
    make("ul", { className: "cart-lines" }, ...known.map(([entry, told]) => line(entry, told))),
    make("div", { className: "summing" },
      make("p", { className: "total" }, make("span", { textContent: words.total }), make("b", { textContent: total })),
      make("button", { type: "button", className: "button", textContent: words.checkout, disabled: true }),
      make("p", { className: "small", textContent: words.note })),
  );
}

document.addEventListener("cart-changed", show);
addEventListener("storage", show);
show();
