// Interactive elements: buttons, menus and inputs, and the dialog that asks before a button acts.

import {byId, el} from './dom.js';
import {plain, textObject} from './text.js';

// `use(element, picked)` tells the sandbox; `entered(element)` is what was entered before, if anything.
export function interactive(element, block, context) {
  switch (element.type) {
    case 'button': return button(element, block, context);
    case 'overflow': return overflow(element, block, context);
    case 'static_select': return staticSelect(element, block, context);
    case 'users_select': return usersSelect(element, block, context);
    case 'external_select': return externalSelect(element, block, context);
    case 'plain_text_input': return textInput(element, block, context);
    case 'image': return el('img', {class: 'accessory', src: element.image_url, alt: element.alt_text});
    default: return el('span', {class: 'unknown'}, `[${element.type}]`);
  }
}

function button(element, block, context) {
  const label = element.accessibility_label ?? null;
  const attributes = {
    type: 'button', class: element.style ?? '', 'data-action-id': element.action_id, 'aria-label': label,
    onclick: (event) => {
      const inside = element.url && context.permalink?.(element.url);
      if (inside) return inside.onclick(event);
      if (element.url) window.open(element.url, '_blank', 'noopener');
      return act(event.currentTarget, element, block, context, null);
    },
  };
  return el('button', attributes, plain(element.text));
}

// Asks first where the element says so, and shows on the element that it is at work. It is not disabled
// meanwhile, which would take the keyboard's focus away.
async function act(node, element, block, context, picked) {
  if (node.hasAttribute('aria-busy')) return false;
  if (element.confirm && !(await confirmed(element.confirm, context))) return false;
  node.setAttribute('aria-busy', 'true');
  await context.use(block, element, picked);
  node.removeAttribute('aria-busy');
  return true;
}

// Shows a confirmation and waits for the person's choice.
export function confirmed(confirm, context) {
  const dialog = byId('confirm');
  return new Promise((resolve) => {
    const choose = (choice) => () => {
      dialog.onclose = null;
      dialog.close();
      resolve(choice);
    };
    dialog.replaceChildren(
      el('h2', {id: 'confirm-title'}, plain(confirm.title)),
      el('p', {}, textObject(confirm.text, context)),
      el('div', {class: 'line end'},
        el('button', {type: 'button', 'data-testid': 'confirm-no', onclick: choose(false)}, plain(confirm.deny)),
        el('button', {type: 'button', 'data-testid': 'confirm-yes', class: confirm.style ?? 'primary', onclick: choose(true)}, plain(confirm.confirm))),
    );
    dialog.onclose = choose(false);
    dialog.showModal();
  });
}

function overflow(element, block, context) {
  const menu = el('details', {class: 'overflow'},
    el('summary', {'aria-label': 'More actions', 'data-action-id': element.action_id}, '⋯'),
    el('div', {class: 'menu'}, element.options.map((option) => el('button', {
      type: 'button', 'data-value': option.value,
      onclick: async (event) => {
        menu.open = false;
        await act(event.currentTarget, element, block, context, option.value);
      },
    }, plain(option.text), option.description ? el('small', {}, plain(option.description)) : null))));
  return menu;
}

function staticSelect(element, block, context) {
  const chosen = context.entered(block, element)?.value ?? element.initial_option?.value ?? '';
  const optionNode = (option) => el('option', {value: option.value, selected: option.value === chosen}, plain(option.text));
  const groups = (element.option_groups ?? []).map((group) => el('optgroup', {label: plain(group.label)}, group.options.map(optionNode)));
  return select(element, block, context, plain(element.placeholder) || 'Choose', chosen, [...groups, ...(element.options ?? []).map(optionNode)]);
}

function usersSelect(element, block, context) {
  const chosen = context.entered(block, element) ?? element.initial_user ?? '';
  const people = Object.entries(context.users()).filter(([, user]) => !user.is_bot && !user.deleted);
  people.sort(([, one], [, other]) => one.name.localeCompare(other.name));
  const options = people.map(([id, user]) => el('option', {value: id, selected: id === chosen}, `${user.name} (@${user.handle})`));
  return select(element, block, context, plain(element.placeholder) || 'Choose a person', chosen, options);
}

function select(element, block, context, placeholder, chosen, options) {
  const node = el('select', {
    id: context.idOf(block), 'data-action-id': element.action_id, 'aria-describedby': context.describedBy(block),
    'aria-label': block.type === 'input' ? null : placeholder,
    onchange: async () => {
      const before = chosen;
      if (!(await act(node, element, block, context, node.value))) node.value = before;
    },
  }, el('option', {value: '', selected: chosen === '', disabled: block.optional !== true}, placeholder), options);
  return node;
}

// Types, waits for the bot's options, picks one: with the mouse or with the arrow keys.
function externalSelect(element, block, context) {
  const chosen = context.entered(block, element) ?? element.initial_option;
  const id = context.idOf(block);
  const list = el('ul', {role: 'listbox', id: `${id}-options`, class: 'options', hidden: true});
  const note = el('small', {role: 'status'});
  let asked = 0;

  const input = el('input', {
    id, type: 'text', role: 'combobox', autocomplete: 'off', 'aria-expanded': 'false', 'aria-controls': list.id,
    'aria-autocomplete': 'list', 'aria-describedby': context.describedBy(block), 'data-action-id': element.action_id,
    'data-value': chosen?.value ?? '', value: chosen ? plain(chosen.text) : '', 'aria-invalid': context.errors?.[block.block_id] ? 'true' : null,
    placeholder: plain(element.placeholder) || 'Type to search',
    // An error is read first: the options come when one types.
    oninput: ask, onfocus: () => (context.errors?.[block.block_id] ? null : ask()), onkeydown: steer,
    onblur: () => setTimeout(() => show([]), 150),
  });

  async function ask() {
    const number = ++asked;
    if (input.dataset.value && input.value === input.dataset.label) return;
    input.dataset.value = '';
    const answer = await context.suggest(block, element, input.value);
    if (number !== asked || document.activeElement !== input) return;
    show(answer.options ?? []);
    note.textContent = answer.ok ? (answer.options.length ? '' : 'Nothing found yet') : answer.error;
  }

  function show(options) {
    list.replaceChildren(...options.map((option, index) => el('li', {
      role: 'option', id: `${list.id}-${index}`, 'data-value': option.value, 'aria-selected': 'false',
      onmousedown: (event) => { event.preventDefault(); pick(option); },
    }, plain(option.text), option.description ? el('small', {}, plain(option.description)) : null)));
    list.options = options;
    list.hidden = options.length === 0;
    input.setAttribute('aria-expanded', String(!list.hidden));
    input.removeAttribute('aria-activedescendant');
  }

  function pick(option) {
    asked++;
    input.value = input.dataset.label = plain(option.text);
    input.dataset.value = option.value;
    show([]);
    note.textContent = '';
    context.use(block, element, option.value);
  }

  function steer(event) {
    const items = [...list.children];
    const current = items.findIndex((item) => item.getAttribute('aria-selected') === 'true');
    if (list.hidden || !['ArrowDown', 'ArrowUp', 'Enter', 'Escape'].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return show([]);
    if (event.key === 'Enter') return pick(list.options[Math.max(current, 0)]);
    const next = (current + (event.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length;
    items.forEach((item, index) => item.setAttribute('aria-selected', String(index === next)));
    items[next].scrollIntoView({block: 'nearest'});
    input.setAttribute('aria-activedescendant', items[next].id);
  }

  if (chosen?.value) input.dataset.label = plain(chosen.text);
  return el('div', {class: 'external'}, input, list, note);
}

function textInput(element, block, context) {
  const attributes = {
    id: context.idOf(block), 'data-action-id': element.action_id, 'aria-describedby': context.describedBy(block),
    placeholder: plain(element.placeholder) || null, maxlength: element.max_length ?? 3000, rows: element.multiline ? 4 : null,
  };
  const node = el(element.multiline ? 'textarea' : 'input', attributes);
  node.value = context.entered(block, element) ?? element.initial_value ?? '';
  return node;
}
