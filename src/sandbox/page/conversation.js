// A conversation: messages of a channel or of one thread, or the bot's Home tab.

import {blocks} from './blocks.js';
import {byId, el, tell} from './dom.js';
import {mrkdwn, plain} from './text.js';

const SHORTCUT = 'diagnose_message';

// Draws messages into a list. A message that did not change keeps its node, and with it the focus.
// `list`: {node, messages, empty(): what stands there if there are none}.
export function showMessages(list, reader) {
  const {node} = list;
  const wasAtEnd = node.scrollHeight - node.scrollTop - node.clientHeight < 80;
  const known = new Map([...node.children].map((child) => [child.dataset.key, child]));
  const nodes = list.messages.map((message) => {
    const replies = list.repliesTo?.(message) ?? [];
    const key = JSON.stringify([message, reader.person, reader.timeZone, replies.map((reply) => reply.ts)]);
    return known.get(key) ?? messageNode(message, key, reader, replies);
  });
  if (nodes.length === 0) nodes.push(emptyNode(list, known));
  const before = [...node.children];
  const focused = document.activeElement;
  if (before.length === nodes.length && nodes.every((child, index) => child === before[index])) return;
  const added = nodes.some((child) => !before.includes(child));
  before.filter((child) => !nodes.includes(child)).forEach((child) => child.remove());
  nodes.forEach((child, index) => {
    if (node.children[index] !== child) node.insertBefore(child, node.children[index] ?? null);
  });
  keepFocus(node, focused);
  if (added && (wasAtEnd || before.length === 0 || list.follows)) showEnd(node, nodes.at(-1));
}

function emptyNode(list, known) {
  const key = `empty ${list.emptyKey}`;
  if (known.has(key)) return known.get(key);
  const made = list.empty();
  made.dataset.key = key;
  return made;
}

// If the focused control was drawn again, the focus goes to the new one, else to the messages.
function keepFocus(node, focused) {
  if (focused.isConnected || document.activeElement !== document.body) return;
  const ts = focused.closest('.message')?.dataset.ts;
  const message = [...node.children].find((child) => child.dataset.ts === ts);
  const same = [...(message?.querySelectorAll('[data-action-id]') ?? [])].find((child) => child.dataset.actionId === focused.dataset.actionId);
  (same ?? node).focus({preventScroll: true});
}

// The end of the conversation; of a message that is taller than the view, its beginning.
function showEnd(node, last) {
  node.scrollTop = node.scrollHeight;
  if (last.offsetHeight > node.clientHeight) last.scrollIntoView({block: 'start'});
}

export function isReply(message) {
  return Boolean(message.thread_ts && message.thread_ts !== message.ts);
}

// The messages that stand in the channel itself: a reply whose beginning one does not see stands for itself.
export function inChannel(messages) {
  const roots = new Set(messages.filter((message) => !isReply(message)).map((message) => message.ts));
  return messages.filter((message) => !isReply(message) || !roots.has(message.thread_ts));
}

export function inThread(messages, ts) {
  return messages.filter((message) => message.ts === ts || (isReply(message) && message.thread_ts === ts));
}

function messageNode(message, key, reader, replies) {
  const author = reader.users()[message.user];
  const note = el('p', {class: 'error', role: 'alert'});
  const moment = new Date(Number(message.ts) * 1000);
  const time = new Intl.DateTimeFormat('en-GB', {timeZone: reader.timeZone, hour: '2-digit', minute: '2-digit'}).format(moment);
  const context = {
    ...reader,
    idOf: (block) => `input-${message.ts}-${block.block_id}`,
    describedBy: () => null,
    entered: () => undefined,
    use: async (block, element, picked) => {
      const answer = await tell('press', {
        person: reader.person, message_ts: message.ts, block_id: block.block_id, action_id: element.action_id, picked, label: plain(element.text) || null,
      });
      note.textContent = answer.ok ? '' : answer.error;
      reader.refresh();
    },
  };
  const name = author?.name ?? message.user;
  const classes = ['message', author?.is_bot ? 'by-bot' : '', message.is_ephemeral ? 'ephemeral' : ''];
  return el('article', {class: classes.join(' ').trim(), 'data-testid': 'message', 'data-ts': message.ts, 'data-thread-ts': isReply(message) ? message.thread_ts : null, 'data-key': key},
    el('span', {class: `avatar ${author?.is_bot ? '' : tint(name)}`, 'aria-hidden': 'true'}, author?.is_bot ? '?!' : initials(name)),
    el('div', {class: 'content'},
      message.asked ? el('p', {class: 'asked', 'data-testid': 'asked'}, 'You asked ', el('code', {}, message.asked)) : null,
      el('header', {},
        el('strong', {}, name),
        author?.is_bot ? el('span', {class: 'app'}, 'APP') : null,
        el('time', {datetime: moment.toISOString()}, time),
        message.edited ? el('small', {}, '(edited)') : null,
        message.is_ephemeral ? el('small', {class: 'only-you'}, 'Only you see this') : null),
      message.blocks ? blocks(message.blocks, context) : el('div', {class: 'block words'}, mrkdwn(message.text, reader)),
      note,
      message.is_ephemeral ? null : tools(message, reader, note, replies)));
}

function tools(message, reader, note, replies) {
  const ask = async () => {
    const answer = await tell('shortcut', {person: reader.person, message_ts: message.ts, callback_id: SHORTCUT});
    note.textContent = answer.ok ? '' : answer.error;
  };
  const count = replies.length === 1 ? '1 reply' : `${replies.length} replies`;
  const open = () => reader.openThread(message.thread_ts ?? message.ts);
  return [
    replies.length ? el('button', {type: 'button', class: 'quiet replies', 'data-testid': 'reply', onclick: open}, count) : null,
    el('div', {class: 'tools'},
      reader.openThread && !replies.length ? el('button', {type: 'button', class: 'quiet', 'data-testid': 'reply', onclick: open}, 'Reply in thread') : null,
      el('button', {type: 'button', class: 'quiet', 'data-testid': 'shortcut', onclick: ask}, 'Ask why it is missing')),
  ];
}

// Draws the bot's Home tab.
export function showHome(home, reader) {
  const list = byId('messages');
  const note = el('p', {class: 'error', role: 'alert'});
  const context = {
    ...reader,
    idOf: (block) => `input-home-${block.block_id}`,
    describedBy: () => null,
    entered: (block, element) => {
      const state = home?.state?.values?.[block.block_id]?.[element.action_id];
      return state?.selected_user ?? state?.selected_option ?? undefined;
    },
    use: async (block, element, picked) => {
      const answer = await tell('press', {
        person: reader.person, view_id: home.id, block_id: block.block_id, action_id: element.action_id, picked, label: plain(element.text) || null,
      });
      note.textContent = answer.ok ? '' : answer.error;
    },
  };
  const key = JSON.stringify(['home', home, reader.person]);
  if (list.firstElementChild?.dataset.key === key) return;
  list.replaceChildren(el('div', {class: 'home', 'data-testid': 'home', 'data-key': key},
    home ? blocks(home.blocks, context) : el('p', {class: 'empty'}, 'The bot has not put anything here yet.'), note));
}

export function initials(name) {
  return name.split(/\s+/).map((word) => [...word][0] ?? '').slice(0, 2).join('').toUpperCase();
}

// One of six colours for a name, always the same.
export function tint(name) {
  return `h${[...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6}`;
}
