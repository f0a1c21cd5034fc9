// The line in which a person types: Enter sends, `@` offers people, a slash command is recognised.

import {byId, el, tell} from './dom.js';

const COMMAND = '/sso-why';
const COMMANDS = [COMMAND, '/invite'];

let current = {person: null, channel: null, people: []}; // whoever types, where, and whom `@` offers
let thread = null;

export function startComposer(refresh) {
  const text = byId('text');
  byId('composer').addEventListener('submit', (event) => { event.preventDefault(); send(refresh); });
  byId('leave-thread').addEventListener('click', () => replyTo(null));
  text.addEventListener('input', () => { offer(); hint(); });
  text.addEventListener('keydown', steer);
  text.addEventListener('blur', () => setTimeout(() => offerThese([]), 150));
}

// Says who types where; in the Home tab nobody can.
export function composeFor(person, channel, people) {
  if (current.person !== person || current.channel !== channel) replyTo(null);
  current = {person, channel, people};
  byId('composer').hidden = !channel;
  hint();
}

export function fillComposer(text) {
  byId('text').value = text;
  byId('text').focus();
  hint();
}

// The next message goes into this thread; null: into the channel.
export function replyTo(ts) {
  thread = ts;
  byId('thread').hidden = !ts;
  if (ts) byId('text').focus();
}

async function send(refresh) {
  const input = byId('text');
  const text = input.value.trim();
  if (!text || !current.channel) return;
  if (isCommand(text) && !COMMANDS.includes(text.split(/\s/)[0])) return notice(`${text.split(/\s/)[0]} is not a command here; ${COMMAND} is.`);
  if (isCommand(text) && thread) return notice('Slack has no slash commands in threads. Mention @sso-why instead.');
  input.value = '';
  offerThese([]);
  hint();
  notice('');
  const answer = await tell('command', {person: current.person, channel: current.channel, text, thread_ts: thread});
  if (!answer.ok) notice(answer.error);
  refresh();
}

// Two slashes begin what stays among agents, and are no command.
function isCommand(text) {
  return /^\/(?!\/)/.test(text);
}

function notice(text) {
  byId('notice').textContent = text;
}

function hint() {
  const text = byId('text').value;
  const isCommand = text.startsWith(COMMAND);
  byId('composer').classList.toggle('command', isCommand);
  byId('hint').textContent = isCommand
    ? 'A slash command: the answer is for you alone.'
    : 'Enter sends. @ offers people. /sso-why alone opens the form.';
}

function wordAtEnd() {
  const input = byId('text');
  return /(^|\s)@(\S*)$/.exec(input.value.slice(0, input.selectionStart));
}

function offer() {
  const found = wordAtEnd();
  if (!found) return offerThese([]);
  const typed = found[2].toLowerCase();
  const fits = (person) => person.key.startsWith(typed) || person.name.toLowerCase().split(/\s/).some((word) => word.startsWith(typed));
  offerThese(current.people.filter(fits).slice(0, 8));
}

function offerThese(people) {
  const list = byId('suggestions');
  list.replaceChildren(...people.map((person, index) => el('li', {
    role: 'option', id: `suggestion-${index}`, 'aria-selected': String(index === 0), 'data-key': person.key,
    onmousedown: (event) => { event.preventDefault(); pick(person.key); },
  }, el('strong', {}, `@${person.key}`), ` ${person.name}`)));
  list.hidden = people.length === 0;
  byId('text').setAttribute('aria-expanded', String(people.length > 0));
  if (people.length) byId('text').setAttribute('aria-activedescendant', 'suggestion-0');
  else byId('text').removeAttribute('aria-activedescendant');
}

function pick(key) {
  const input = byId('text');
  const found = wordAtEnd();
  const end = input.selectionStart;
  const start = end - found[2].length;
  input.value = `${input.value.slice(0, start)}${key} ${input.value.slice(end)}`;
  input.setSelectionRange(start + key.length + 1, start + key.length + 1);
  offerThese([]);
  hint();
}

function steer(event) {
  const items = [...byId('suggestions').children];
  if (items.length === 0) return;
  const selected = items.findIndex((item) => item.getAttribute('aria-selected') === 'true');
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    const next = (selected + (event.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length;
    items.forEach((item, index) => item.setAttribute('aria-selected', String(index === next)));
    byId('text').setAttribute('aria-activedescendant', items[next].id);
  } else if (event.key === 'Tab' || event.key === 'Enter') {
    // A handle that stands there whole is taken as typed, so that Enter sends.
    const key = items[Math.max(selected, 0)].dataset.key;
    if (event.key === 'Enter' && wordAtEnd()?.[2] === key) return offerThese([]);
    pick(key);
  } else if (event.key === 'Escape') {
    offerThese([]);
  } else {
    return;
  }
  event.preventDefault();
}
