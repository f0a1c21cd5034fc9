// Draws Block Kit from its JSON, as it is in the message or view.
//
// `context` says who reads and what to do: timeZone, userName(id), channelName(id), users(),
// use(block, element, picked), suggest(block, element, typed), entered(block, element), idOf(block),
// describedBy(block), errors (by block id).

import {el} from './dom.js';
import {interactive} from './elements.js';
import {plain, richText, textObject} from './text.js';

export function blocks(list, context) {
  return list.map((block) => {
    const node = draw(block, context);
    node.classList.add('block', `block-${block.type}`);
    node.dataset.blockId = block.block_id ?? '';
    return node;
  });
}

function draw(block, context) {
  switch (block.type) {
    case 'header': return el('h3', {}, plain(block.text));
    case 'section': return section(block, context);
    case 'context': return el('div', {}, block.elements.map((element) => contextElement(element, context)));
    case 'actions': return el('div', {}, block.elements.map((element) => interactive(element, block, context)));
    case 'divider': return el('hr');
    case 'rich_text': return el('div', {}, richText(block.elements, context));
    case 'image': return image(block);
    case 'input': return input(block, context);
    default: return el('p', {class: 'unknown'}, `[block of type ${block.type}]`);
  }
}

function section(block, context) {
  const fields = (block.fields ?? []).map((field) => el('div', {}, textObject(field, context)));
  return el('div', {},
    el('div', {class: 'words'},
      block.text ? el('div', {}, textObject(block.text, context)) : null,
      fields.length ? el('div', {class: 'fields'}, fields) : null),
    block.accessory ? interactive(block.accessory, block, context) : null);
}

function contextElement(element, context) {
  if (element.type === 'image') return el('img', {src: element.image_url, alt: element.alt_text});
  return el('span', {}, textObject(element, context));
}

function image(block) {
  return el('figure', {},
    block.title ? el('figcaption', {}, plain(block.title)) : null,
    el('img', {src: block.image_url, alt: block.alt_text}));
}

function input(block, context) {
  const error = context.errors?.[block.block_id];
  return el('div', {class: error ? 'wrong' : ''},
    el('label', {for: context.idOf(block)}, plain(block.label), block.optional ? el('small', {}, ' (optional)') : null),
    interactive(block.element, block, context),
    block.hint ? el('small', {class: 'hint'}, plain(block.hint)) : null,
    el('p', {class: 'error', id: context.describedBy(block), role: error ? 'alert' : null}, error ?? ''));
}
