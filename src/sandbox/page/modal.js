// The modal that a person has open: draws the top one of the stack, submits and closes it.

import {blocks} from './blocks.js';
import {byId, el, tell} from './dom.js';
import {plain} from './text.js';

let shown = null; // the view that is drawn
let entered = {}; // what was typed and picked, by block id
let errors = {}; // by block id

// Shows the person's top modal, or closes the dialog where there is none.
export function showModal(view, reader) {
  const dialog = byId('modal');
  if (!view) {
    shown = null;
    if (dialog.open) dialog.close();
    return;
  }
  if (shown && shown.id === view.id && shown.hash === view.hash) return;
  if (shown?.id === view.id) entered = readEntered(dialog, shown);
  else entered = {};
  errors = {};
  draw(view, reader);
  const opens = !dialog.open;
  if (opens) dialog.showModal();
  // The browser would put it on the button that closes the dialog.
  if (opens || !dialog.contains(document.activeElement)) firstOf(dialog)?.focus();
}

function firstOf(dialog) {
  return dialog.querySelector('input, select, textarea') ?? dialog.querySelector('button');
}

function draw(view, reader) {
  const dialog = byId('modal');
  const focused = document.activeElement?.id;
  shown = view;
  const note = el('p', {class: 'error', role: 'alert', id: 'modal-note'});
  const close = () => leave(view, reader);
  const form = el('form', {
    novalidate: true,
    onsubmit: (event) => { event.preventDefault(); submit(view, reader, note, form); },
  },
    el('header', {},
      el('h2', {id: 'modal-title'}, plain(view.title)),
      el('button', {type: 'button', class: 'quiet', 'aria-label': 'Leave the form', onclick: close}, el('span', {'aria-hidden': 'true'}, '✕'))),
    el('div', {class: 'blocks'}, blocks(view.blocks, contextOf(view, reader, note))),
    el('footer', {},
      note,
      el('div', {class: 'line end'},
        el('button', {type: 'button', 'data-testid': 'modal-close', onclick: close}, plain(view.close) || 'Close'),
        view.submit ? el('button', {type: 'submit', class: 'primary', 'data-testid': 'modal-submit'}, plain(view.submit)) : null)));
  dialog.replaceChildren(form);
  dialog.oncancel = (event) => { event.preventDefault(); close(); };
  if (focused) byId(focused)?.focus();
}

function contextOf(view, reader, note) {
  return {
    ...reader,
    errors,
    idOf: (block) => `input-${block.block_id}`,
    describedBy: (block) => `error-${block.block_id}`,
    entered: (block, element) => {
      if (block.block_id in entered) return entered[block.block_id];
      const state = view.state?.values?.[block.block_id]?.[element.action_id];
      return state?.value ?? state?.selected_user ?? state?.selected_option ?? undefined;
    },
    use: async (block, element, picked) => {
      const answer = await tell('press', {
        person: reader.person, view_id: view.id, block_id: block.block_id, action_id: element.action_id, picked,
      });
      note.textContent = answer.ok ? '' : answer.error;
    },
    suggest: (block, element, text) => tell('suggest', {
      person: reader.person, view_id: view.id, block_id: block.block_id, action_id: element.action_id, typed: text,
    }),
  };
}

async function submit(view, reader, note, form) {
  const button = form.querySelector('[type=submit]');
  button.disabled = true;
  const answer = await tell('submit', {person: reader.person, view_id: view.id, entries: entries(form, view)});
  button.disabled = false;
  if (!answer.ok) {
    note.textContent = answer.error;
  } else if (answer.errors) {
    entered = readEntered(form, view);
    errors = answer.errors;
    draw(view, reader);
    const first = view.blocks.find((block) => errors[block.block_id]);
    if (first) byId(`input-${first.block_id}`)?.focus();
  }
}

async function leave(view, reader) {
  const answer = await tell('close', {person: reader.person, view_id: view.id});
  if (!answer.ok && byId('modal').open) byId('modal-note').textContent = answer.error;
}

// What is typed or picked now, as the sandbox takes it: an option's value, a user id or a text.
function entries(form, view) {
  const result = {};
  for (const block of view.blocks.filter((block) => block.type === 'input')) {
    const node = form.querySelector(`[id="${CSS.escape(`input-${block.block_id}`)}"]`);
    if (node) result[block.block_id] = block.element.type === 'external_select' ? node.dataset.value : node.value;
  }
  return result;
}

// The same, as a control takes it when it is drawn anew, so that an error or an update loses nothing.
function readEntered(form, view) {
  const result = {};
  for (const [blockId, value] of Object.entries(entries(form, view))) {
    const kind = view.blocks.find((block) => block.block_id === blockId).element.type;
    const node = form.querySelector(`[id="${CSS.escape(`input-${blockId}`)}"]`);
    // Of a menu that asks the bot also what was typed and not picked yet.
    if (kind === 'external_select' && node.value) result[blockId] = {value, text: {type: 'plain_text', text: node.value}};
    else if (value) result[blockId] = kind === 'static_select' ? {value} : value;
  }
  return result;
}
