// Makes elements. What comes from data is set as text, never as HTML.

// el('p', {class: 'note', hidden: true}, 'text', child, …): children that are null or false are left out.
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// Makes `parent` hold one child for each [key, make] and keeps the nodes whose key is there already: a button
// that is replaced between press and release of the mouse never hears of the click.
export function drawKeyed(parent, wanted) {
  const known = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const nodes = wanted.map(([key, make]) => {
    const node = known.get(key) ?? make();
    node.dataset.key = key;
    return node;
  });
  [...parent.children].filter((node) => !nodes.includes(node)).forEach((node) => node.remove());
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}

export function byId(id) {
  return document.getElementById(id);
}

let whenLost = () => {};

// `tell` calls it if the sandbox did not answer.
export function onLost(lost) {
  whenLost = lost;
}

// Tells the sandbox something; gives its answer, which holds `error` if `ok` is false, and `lost` if nobody answered.
export async function tell(what, body) {
  try {
    const response = await fetch(`/sandbox/${what}`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify(body),
    });
    return await response.json();
  } catch {
    whenLost();
    return {ok: false, lost: true, error: 'The sandbox does not answer; is it still running?'};
  }
}
