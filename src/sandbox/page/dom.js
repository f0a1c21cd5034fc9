// Makes elements. Whatever comes from data is set as text, never as HTML.

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

export function byId(id) {
  return document.getElementById(id);
}

// Tells the sandbox something; gives its answer, which holds `error` where `ok` is false.
export async function tell(what, body) {
  try {
    const response = await fetch(`/sandbox/${what}`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify(body),
    });
    return await response.json();
  } catch {
    return {ok: false, error: 'the sandbox does not answer; is it still running?'};
  }
}
