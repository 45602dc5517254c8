// What is in the cart, kept in this browser: [{product_id, variant_id, quantity}].
const KEY = "dragoman-cart";
const MOST = 20;

const isEntry = (entry) =>
  entry && typeof entry.variant_id === "string" && entry.variant_id.length < 100 && Number.isInteger(entry.quantity) && entry.quantity > 0;

export function readCart() {
  try {
    const held = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(held) ? held.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function writeCart(entries) {
  try {
    localStorage.setItem(KEY, JSON.stringify(entries));
  } catch { /* a full or forbidden storage keeps nothing; the page still works */ }
  document.dispatchEvent(new CustomEvent("cart-changed"));
}

export function addToCart({ product_id, variant_id, quantity }) {
  const added = Math.min(Math.max(Math.trunc(Number(quantity)) || 1, 1), MOST);
  const entry = { product_id: String(product_id ?? ""), variant_id: String(variant_id ?? ""), quantity: added };
  if (!isEntry(entry)) return false;
  const entries = readCart();
  const known = entries.find((one) => one.variant_id === entry.variant_id);
  if (known) known.quantity = Math.min(known.quantity + added, MOST);
  writeCart(known ? entries : [...entries, entry]);
  return true;
}

export function setQuantity(variant_id, quantity) {
  const entries = readCart().map((entry) => (entry.variant_id === variant_id ? { ...entry, quantity } : entry));
  writeCart(entries.filter((entry) => entry.quantity > 0));
}

export const countPieces = () => readCart().reduce((sum, entry) => sum + entry.quantity, 0);

export async function readCatalogue(address = "") {
  const reply = await fetch(address || `/storefront/catalogue.json?locale=${encodeURIComponent(document.documentElement.lang)}`);
  return reply.ok ? reply.json() : {};
}
