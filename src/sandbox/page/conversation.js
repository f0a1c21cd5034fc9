// The conversation in the middle: messages with their threads, or the bot's Home tab.

import {blocks} from './blocks.js';
import {byId, el, tell} from './dom.js';
import {mrkdwn} from './text.js';

const SHORTCUT = 'diagnose_message';

// Draws the messages of a channel. A message that did not change keeps its node, and with it the focus.
export function showMessages(channel, reader, replyTo) {
  const list = byId('messages');
  const wasAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const known = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const ordered = inThreads(channel.messages);
  const nodes = ordered.map((message) => {
    const key = JSON.stringify([message, reader.person, reader.timeZone]);
    return known.get(key) ?? messageNode(message, key, reader, replyTo);
  });
  if (nodes.length === 0) nodes.push(el('p', {class: 'empty', 'data-key': 'empty'}, 'Nothing has been said here yet.'));
  const before = [...list.children];
  const focused = document.activeElement;
  const same = before.length === nodes.length && nodes.every((node, index) => node === before[index]);
  if (same) return;
  const added = nodes.some((node) => !before.includes(node));
  before.filter((node) => !nodes.includes(node)).forEach((node) => node.remove());
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
  keepFocus(list, focused);
  if (added && wasAtEnd) showEnd(list, nodes.at(-1));
}

// Where the focused control was drawn anew, the focus goes to the new one, else to the messages.
function keepFocus(list, focused) {
  if (focused.isConnected || document.activeElement !== document.body) return;
  const ts = focused.closest('.message')?.dataset.ts;
  const message = [...list.children].find((node) => node.dataset.ts === ts);
  const same = [...(message?.querySelectorAll('[data-action-id]') ?? [])].find((node) => node.dataset.actionId === focused.dataset.actionId);
  (same ?? list).focus({preventScroll: true});
}

// The end of the conversation; of a message that is taller than the view, its beginning.
function showEnd(list, last) {
  list.scrollTop = list.scrollHeight;
  if (last.offsetHeight > list.clientHeight) last.scrollIntoView({block: 'start'});
}

function inThreads(messages) {
  const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;
  const shown = new Set(messages.filter((message) => !isReply(message)).map((message) => message.ts));
  return messages
    .filter((message) => !isReply(message) || !shown.has(message.thread_ts))
    .flatMap((message) => [message, ...messages.filter((reply) => isReply(reply) && reply.thread_ts === message.ts && shown.has(message.ts))]);
}

function messageNode(message, key, reader, replyTo) {
  const author = reader.users()[message.user];
  const isReply = Boolean(message.thread_ts && message.thread_ts !== message.ts);
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
        person: reader.person, message_ts: message.ts, block_id: block.block_id, action_id: element.action_id, picked,
      });
      note.textContent = answer.ok ? '' : answer.error;
      reader.refresh();
    },
  };
  const classes = ['message', author?.is_bot ? 'by-bot' : '', message.is_ephemeral ? 'ephemeral' : '', isReply ? 'reply' : ''];
  return el('article', {class: classes.join(' ').trim(), 'data-testid': 'message', 'data-ts': message.ts, 'data-thread-ts': isReply ? message.thread_ts : null, 'data-key': key},
    el('span', {class: 'avatar', 'aria-hidden': 'true'}, author?.is_bot ? '⚙' : initials(author?.name ?? '?')),
    el('div', {class: 'content'},
      message.is_ephemeral ? el('p', {class: 'only-you'}, 'Only visible to you') : null,
      el('header', {},
        el('strong', {}, author?.name ?? message.user),
        author?.is_bot ? el('span', {class: 'app'}, 'APP') : null,
        el('time', {datetime: moment.toISOString()}, time),
        message.edited ? el('small', {}, '(edited)') : null),
      message.blocks ? blocks(message.blocks, context) : el('div', {class: 'block words'}, mrkdwn(message.text, reader)),
      note,
      message.is_ephemeral ? null : tools(message, reader, note, replyTo)));
}

function tools(message, reader, note, replyTo) {
  const ask = async () => {
    const answer = await tell('shortcut', {person: reader.person, message_ts: message.ts, callback_id: SHORTCUT});
    note.textContent = answer.ok ? '' : answer.error;
  };
  return el('div', {class: 'tools'},
    el('button', {type: 'button', class: 'quiet', 'data-testid': 'reply', onclick: () => replyTo(message.thread_ts ?? message.ts)}, 'Reply in thread'),
    el('button', {type: 'button', class: 'quiet', 'data-testid': 'shortcut', onclick: ask}, 'Ask sso-why about this'));
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
        person: reader.person, view_id: home.id, block_id: block.block_id, action_id: element.action_id, picked,
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
