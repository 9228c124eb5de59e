/**
 * Makes an element. Words only ever become text nodes, so nothing a customer writes can turn into markup.
 * `props`: `on` holds listeners, `set` properties; everything else is an attribute (false and undefined leave it out).
 */
export function h(tag, props = {}, ...children) {
  const { on = {}, set = {}, ...attributes } = props;
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  Object.assign(element, set);
  element.append(...children.flat(3).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

const drawn = new WeakMap();

/** Brings `parent` in line with `items`, touching only what changed, so that focus, scroll and players survive. */
export function drawList(parent, items, key, make) {
  const before = drawn.get(parent) ?? new Map();
  const after = new Map();
  for (const item of items) {
    const id = key(item);
    const text = JSON.stringify(item);
    const known = before.get(id);
    const node = known?.text === text ? known.node : make(item);
    if (known && known.node !== node) known.node.replaceWith(node);
    after.set(id, { text, node });
  }
  for (const [id, { node }] of before) if (!after.has(id)) node.remove();
  place(parent, [...after.values()]);
  drawn.set(parent, after);
}

function place(parent, entries) {
  let at = parent.firstElementChild;
  for (const { node } of entries) {
    if (at === node) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
}

/** Redraws a part whole, but only when what it shows changed. */
export const drawOne = (parent, item, make) => drawList(parent, item === undefined ? [] : [item], () => 'one', make);

/**
 * Keeps a list scrolled to its end while it grows, its pictures load or its room shrinks, unless the reader scrolled up.
 * Returns the way to go to the end whatever was read before.
 */
export function followEnd(list, content) {
  let follow = true;
  const toEnd = () => {
    if (follow) list.scrollTop = list.scrollHeight;
  };
  list.addEventListener('scroll', () => {
    follow = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  });
  const observer = new ResizeObserver(toEnd);
  observer.observe(list);
  observer.observe(content);
  return () => {
    follow = true;
    toEnd();
  };
}
