// The chat page: asks the sandbox for what one person sees and draws it, again after each change.

import {byId, tell} from './dom.js';
import {composeFor, replyTo, startComposer} from './composer.js';
import {showMessages, showHome} from './conversation.js';
import {showModal} from './modal.js';
import {showBehind, showPeople, startSides} from './company.js';

let person = new URLSearchParams(location.search).get('person') ?? 'dana';
let place = null; // a channel id, or `home`
let state = null;
const looked = {}; // by person: the timestamps of the messages that were on screen

const seen = {
  unreadOf: (other) => other.news.filter((ts) => !looked[other.key]?.has(ts)).length,
  unreadIn: (channel) => channel.messages.filter((message) => !looked[person]?.has(message.ts)).length,
};

let asking = null;
let askAgain = false;

// Asks for the state and draws it. Of many wishes while one is under way, one more is enough.
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

// Another round after the one under way; to wait for that from within would be to wait for oneself.
function later() {
  askAgain = true;
}

async function ask() {
  const asked = person;
  try {
    const response = await fetch(`/sandbox/state?person=${encodeURIComponent(asked)}`);
    const answer = await response.json();
    if (asked !== person) return later();
    state = answer;
  } catch {
    byId('notice').textContent = 'The sandbox does not answer; is it still running?';
    return undefined;
  }
  return draw();
}

function draw() {
  if (!state.people.some((other) => other.key === person)) person = state.people.find((other) => other.can_sign_in).key;
  if (state.you !== person) return later();
  if (place !== 'home' && !state.channels.some((channel) => channel.id === place)) place = state.channels[0]?.id ?? 'home';
  const channel = state.channels.find((known) => known.id === place);
  const reader = readerOf(state);
  document.title = `${channel ? channel.name : 'Home'} · sso-why sandbox`;
  byId('place').textContent = channel ? (channel.kind === 'direct' ? channel.name : `# ${channel.name}`) : `${state.bot.name} home`;
  if (channel) {
    looked[person] ??= new Set();
    channel.messages.forEach((message) => looked[person].add(message.ts));
    showMessages(channel, reader, replyTo);
  } else {
    showHome(state.home, reader);
  }
  const inSlack = state.people.filter((other) => other.can_sign_in);
  composeFor(person, channel?.id ?? null, [...inSlack, {key: state.bot.name, name: 'the bot'}]);
  showPeople(state, place, seen, go);
  showBehind(state, refresh);
  showModal(state.modals.at(-1), reader);
  return undefined;
}

function readerOf(current) {
  return {
    person,
    timeZone: current.people.find((other) => other.key === person)?.time_zone ?? 'UTC',
    users: () => current.users,
    userName: (id) => current.users[id]?.name ?? id,
    channelName: (id) => current.channel_names[id] ?? id,
    suggest: () => ({ok: false, options: [], error: 'only a form can ask for options'}),
    refresh,
  };
}

function go(to) {
  const isAnother = to.person && to.person !== person;
  if (isAnother) {
    person = to.person;
    history.replaceState(null, '', `?person=${encodeURIComponent(person)}`);
    byId('notice').textContent = '';
    byId('messages').replaceChildren();
  }
  const isElsewhere = to.place && to.place !== place;
  if (isElsewhere) {
    place = to.place;
    byId('messages').replaceChildren();
  }
  if (place === 'home' && (isAnother || isElsewhere)) openHome();
  refresh();
}

async function openHome() {
  const answer = await tell('home', {person});
  byId('notice').textContent = answer.ok ? '' : answer.error;
}

startComposer(refresh);
startSides(refresh);
const events = new EventSource('/sandbox/events');
events.onmessage = refresh;
refresh();
