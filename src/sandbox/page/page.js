// The chat page: asks the sandbox for what one person sees and draws it, again after each change. Who one is and where
// one looks stands in the address; everything else is kept by the sandbox.

import {byId, el, onLost, tell} from './dom.js';
import {addressOf, fromAddress, nameOf, toAddress} from './address.js';
import {closeDrawer, connection, cover, isLost, showBar, startBar} from './bar.js';
import {showBehind, startBehind} from './behind.js';
import {Composer} from './composer.js';
import {inChannel, inThread, initials, isReply, showHome, showMessages, tint} from './conversation.js';
import {beginner, greeting} from './greeting.js';
import {showModal} from './modal.js';
import {showPeople, startPeople} from './people.js';
import {hear} from './time.js';

let where = fromAddress(); // {person, channel, thread}; channel by its name, `direct` or `home`
let state = null;
let channel = null; // the channel's state, null in the Home tab
let behindOpen = null; // null: opens by itself with the first answer
const wide = matchMedia('(min-width: 1081px)');
const reported = new Set(); // messages that the sandbox knows to be read

const act = {go, refresh, notice, ask: async (text) => main.type(text)};
const people = () => [...state.people.filter((person) => person.can_sign_in), {key: state.bot.name, name: 'the bot'}];
const main = new Composer({form: 'composer', input: 'text', list: 'suggestions', hint: 'hint'},
  () => ({person: where.person, channel: channel?.id, thread: null, people: people(), commands: true}), act);
const inPane = new Composer({form: 'thread-composer', input: 'thread-text', list: 'thread-suggestions'},
  () => ({person: where.person, channel: channel?.id, thread: where.thread, people: people(), commands: false}),
  {...act, notice: (text) => { byId('thread-notice').textContent = text; }});

let asking = null;
let askAgain = false;
let newest = 0; // the version of the newest change that was heard of

// Asks for the state and draws it. Of many wishes during one round, one more round is enough.
function refresh() {
  if (asking) {
    askAgain = true;
    return asking;
  }
  asking = ask().finally(() => {
    asking = null;
    if (askAgain) {
      askAgain = false;
      refresh();
    }
  });
  return asking;
}

// Another round after this one; to wait for that from within would be to wait for oneself.
function later() {
  askAgain = true;
}

async function ask() {
  const asked = where.person ?? '';
  try {
    const response = await fetch(`/sandbox/state?person=${encodeURIComponent(asked)}`);
    const answer = await response.json();
    if (asked !== (where.person ?? '')) return later();
    if (state && state.run !== answer.run) beginAgain();
    state = answer;
  } catch {
    return connection(false);
  }
  connection(true);
  hear(state.clock.now);
  if (state.version < newest) later();
  if (state.trace?.calls.some((call) => call.took_ms === null)) setTimeout(refresh, 800);
  return draw();
}

function beginAgain() {
  reported.clear();
  behindOpen = null;
  where = {...where, thread: null};
  notice('The company has begun again from the beginning.');
}

function draw() {
  where.person ??= state.you;
  if (!state.people.some((person) => person.key === where.person && person.can_sign_in)) {
    const first = beginner(state) ?? state.people.find((person) => person.can_sign_in);
    where = {person: first.key, channel: null, thread: null};
  }
  if (state.you !== where.person) return later();
  const you = state.people.find((person) => person.key === where.person);
  settlePlace(you);
  const reader = readerOf(you);
  document.title = `${you.first_name} in ${channel ? titleOf(channel) : `${state.bot.name} home`} · sso-why sandbox`;
  byId('you').textContent = `You are ${you.name}`;
  byId('you-avatar').textContent = initials(you.name);
  byId('you-avatar').className = `avatar ${tint(you.name)}`;
  byId('place').textContent = channel ? titleOf(channel) : `${state.bot.name} home`;
  showPlace(you, reader);
  showPane(you, reader);
  byId('composer').hidden = !channel;
  byId('text').placeholder = channel?.kind === 'direct' ? 'An account, or a reply' : '/sso-why and an account';
  main.settle();
  inPane.settle();
  showPeople(state, where.channel, go);
  showBehind(state, act);
  showBar(state, you.time_zone, act);
  showModal(state.modals.at(-1), reader);
  markRead();
  return undefined;
}

// Corrects the place if the person is not there, and writes it into the address.
function settlePlace(you) {
  if (!where.channel || (where.channel !== 'home' && !channelNamed(where.channel))) where = {...where, channel: defaultPlace(you), thread: null};
  channel = where.channel === 'home' ? null : channelNamed(where.channel);
  if (where.thread && !channel?.messages.some((message) => message.ts === where.thread)) where = {...where, thread: null};
  toAddress(where, 'replace');
}

function channelNamed(name) {
  return state.channels.find((known) => nameOf(known) === name);
}

function defaultPlace(you) {
  const id = {help_desk: state.help_desk, admin: state.admins}[you.role];
  const own = state.channels.find((known) => known.id === id) ?? state.channels[0];
  return own ? nameOf(own) : 'home';
}

function titleOf(known) {
  return known.kind === 'direct' ? `Direct message with ${known.name}` : `#${known.name}`;
}

function showPlace(you, reader) {
  if (!channel) {
    // A reload or a link leads here without a press on the Home tab.
    if (!state.home && homeOf !== you.key) openHome();
    return showHome(state.home, reader);
  }
  const messages = inChannel(channel.messages);
  return showMessages({
    node: byId('messages'), messages,
    repliesTo: (message) => (message.is_ephemeral ? [] : channel.messages.filter((reply) => isReply(reply) && reply.thread_ts === message.ts)),
    emptyKey: JSON.stringify([you.key, channel.id]),
    empty: () => greeting(state, you, channel, act),
  }, {...reader, openThread: (ts) => go({thread: ts})});
}

// Beside the conversation: the thread that is open, else what is behind the scenes.
function showPane(you, reader) {
  const thread = Boolean(where.thread);
  const behind = !thread && (behindOpen ?? (you.is_answered && wide.matches));
  const opensThread = thread && byId('thread').hidden;
  byId('thread').hidden = !thread;
  byId('right').hidden = !behind;
  byId('open-right').setAttribute('aria-expanded', String(Boolean(behind)));
  document.body.classList.toggle('has-pane', thread || Boolean(behind));
  cover((thread || Boolean(behind)) && !wide.matches);
  if (!thread) {
    byId('thread-messages').replaceChildren();
    return;
  }
  byId('thread-place').textContent = `${titleOf(channel)}, as ${you.name}`;
  showMessages({node: byId('thread-messages'), messages: inThread(channel.messages, where.thread), emptyKey: where.thread, empty: () => el('p'), follows: true}, reader);
  if (opensThread) byId('thread-text').focus();
}

function readerOf(you) {
  return {
    person: you.key,
    timeZone: you.time_zone ?? 'UTC',
    users: () => state.users,
    userName: (id) => state.users[id]?.name ?? id,
    channelName: (id) => state.channel_names[id] ?? id,
    suggest: () => ({ok: false, options: [], error: 'only a form can ask for options'}),
    permalink,
    refresh,
  };
}

// A link to a message of this workspace: where it leads on the page.
function permalink(url) {
  const found = new RegExp(`^https://${state.team_domain}\\.slack\\.com/archives/(\\w+)/p(\\d+)(\\d{6})`).exec(url);
  if (!found) return null;
  const [, id, seconds, rest] = found;
  const known = state.channels.find((one) => one.id === id);
  const to = {channel: known ? nameOf(known) : where.channel, thread: known ? rootOf(known, `${seconds}.${rest}`) : null};
  return {
    href: addressOf({...where, ...to}),
    onclick: (event) => {
      event.preventDefault();
      if (known) return go(to);
      return notice(`You are not in #${state.channel_names[id] ?? 'that channel'}, so you can't open this message.`);
    },
  };
}

function rootOf(known, ts) {
  return known.messages.find((message) => message.ts === ts)?.thread_ts ?? ts;
}

// `to`: any of person, channel (by name) and thread.
function go(to) {
  const isAnother = to.person && to.person !== where.person;
  const next = {
    person: to.person ?? where.person,
    // The Home tab is everybody's own; each begins where they work.
    channel: to.channel ?? (isAnother && where.channel !== 'home' ? null : where.channel),
    thread: 'thread' in to ? to.thread : null,
  };
  closeDrawer();
  if (isAnother || next.channel !== where.channel) {
    byId('messages').replaceChildren();
    notice('');
  }
  if (next.thread) byId('thread-notice').textContent = '';
  arrive(next, 'push');
}

function arrive(next, how) {
  const opensHome = next.channel === 'home' && (where.channel !== 'home' || where.person !== next.person);
  where = next;
  if (where.channel) toAddress(where, how);
  else pushOnceKnown(how);
  if (opensHome) openHome();
  refresh();
}

// The place of another person is known with their state; the step is made now, so that Back undoes it.
function pushOnceKnown(how) {
  if (how === 'push') history.pushState(null, '', addressOf({...where, channel: null}));
}

let homeOf = null; // whose Home tab was opened last

async function openHome() {
  homeOf = where.person;
  const answer = await tell('home', {person: where.person});
  if (!answer.ok) notice(answer.error);
}

// What the page itself says; `then` is a button beside it.
function notice(text, then) {
  const admin = then?.admin && state.people.find((person) => person.role === 'admin');
  byId('notice').replaceChildren(...(then ? [then.text, ' '] : [text]));
  const isThere = admin && where.person === admin.key && channel?.id === state.admins;
  if (admin && !isThere) byId('notice').append(el('button', {type: 'button', class: 'quiet', onclick: () => go({person: admin.key, channel: state.channel_names[state.admins]})}, then.label));
}

let telling = false; // the sandbox is being told what was read

// What stands on the screen is read. The state that is here stays good for that: nothing else has changed.
async function markRead() {
  if (!channel || document.hidden || telling) return;
  const seen = [...inChannel(channel.messages), ...(where.thread ? inThread(channel.messages, where.thread) : [])];
  const messages = seen.map((message) => message.ts).filter((ts) => !reported.has(`${where.person} ${ts}`));
  if (messages.length === 0) return;
  messages.forEach((ts) => reported.add(`${where.person} ${ts}`));
  telling = true;
  const answer = await tell('read', {person: where.person, messages});
  telling = false;
  if (answer.version === state.version + 1 && state.you === where.person) {
    state.version = answer.version;
    if (channel) channel.unread = channel.messages.filter((message) => !reported.has(`${state.you} ${message.ts}`)).length;
    showPeople(state, where.channel, go);
  }
  if (state.version < newest) refresh();
}

startPeople();
startBar();
startBehind(act);
onLost(() => connection(false));
byId('leave-thread').addEventListener('click', () => go({thread: null}));
byId('open-right').addEventListener('click', () => {
  const opens = byId('right').hidden;
  behindOpen = opens;
  if (where.thread) go({thread: null});
  else draw();
  if (opens) byId('close-right').focus();
});
byId('close-right').addEventListener('click', () => { behindOpen = false; draw(); byId('open-right').focus(); });
wide.addEventListener('change', () => state && draw());
addEventListener('popstate', () => {
  const next = fromAddress();
  // A link within the page, as the one that skips to the conversation, leads nowhere else.
  if (addressOf(next) === addressOf(where)) return;
  byId('messages').replaceChildren();
  arrive(next, 'none');
});
addEventListener('visibilitychange', () => state && markRead());
const events = new EventSource('/sandbox/events');
events.onmessage = (event) => {
  newest = Number(event.data);
  if (!asking && !telling && state?.version !== newest) refresh();
};
events.onopen = () => { if (isLost()) refresh(); };
events.onerror = () => {
  // A sandbox that is started again counts from the beginning.
  newest = 0;
  connection(false);
};
refresh();
