// The left side: the channels, and the people in their groups with a field to find them.

import {byId, drawKeyed, el} from './dom.js';
import {initials, tint} from './conversation.js';
import {nameOf} from './address.js';

const ORDER = ['try', 'help_desk', 'admin', 'idp', 'sync', 'aws', 'access', 'account', 'access_in_place', 'others'];
const TONES = {'on its way': 'wait', broken: 'bad', 'never had it': '', 'has it': 'ok'};

let shown = null; // the state and what to do with it, to be drawn again while one types

export function startPeople() {
  byId('find').addEventListener('input', () => drawGroups(...shown));
}

// `place` is the channel's name in the address; `go` changes the person or the place.
export function showPeople(state, place, go) {
  shown = [state, go];
  byId('team').textContent = `sandbox · ${state.team}`;
  byId('idp').textContent = `A simulated company with the real bot in it. ${state.idp}.`;
  drawKeyed(byId('channels'), channelRows(state, place, go));
  drawGroups(state, go);
  const unread = state.people.filter((person) => person.key !== state.you).reduce((sum, person) => sum + person.unread, 0);
  byId('bar-badge').hidden = unread === 0;
  byId('bar-badge').textContent = String(unread);
}

function channelRows(state, place, go) {
  const rows = state.channels.map((channel) => {
    const sign = {public: '#', private: '#', direct: '@'}[channel.kind];
    const name = channel.kind === 'direct' ? `${channel.name} (direct message)` : channel.name;
    const note = channel.kind === 'private' ? 'private' : null;
    return channelRow(`channel-${channel.id}`, sign, name, note, channel.unread, place === nameOf(channel), () => go({channel: nameOf(channel)}));
  });
  return [...rows, channelRow('channel-home', '⌂', `${state.bot.name} home`, null, 0, place === 'home', () => go({channel: 'home'}))];
}

function channelRow(testid, sign, name, note, unread, selected, onclick) {
  const make = () => el('li', {}, el('button', {
    type: 'button', class: 'row', 'data-testid': testid, 'aria-current': selected ? 'page' : null, onclick,
  }, el('span', {class: 'sign', 'aria-hidden': 'true'}, sign), el('span', {class: 'name'}, name, note ? el('small', {}, note) : null), badge(unread)));
  return [JSON.stringify([testid, unread, selected]), make];
}

function badge(count) {
  return count ? el('span', {class: 'badge'}, String(count), el('span', {class: 'hidden'}, ' new')) : null;
}

function drawGroups(state, go) {
  const typed = byId('find').value.trim().toLowerCase();
  const fits = (person) => [person.name, person.asks ?? '', person.key].some((text) => text.toLowerCase().includes(typed));
  // Those to try first are in the order of what is said of them.
  const rank = (person) => Object.keys(TONES).indexOf(person.hint);
  const people = state.people.filter(fits).sort((one, other) => rank(one) - rank(other));
  const groups = ORDER.map((id) => [id, people.filter((person) => person.group === id)]).filter(([, members]) => members.length);
  drawKeyed(byId('people'), groups.map(([id, members]) => [`group-${id}`, () => groupNode(id, members[0].group_label)]));
  for (const [id, members] of groups) drawKeyed(byId(`group-${id}`), members.map((person) => personRow(person, state.you, go)));
  byId('nobody').hidden = people.length > 0;
}

function groupNode(id, label) {
  return el('section', {class: `group-${id}`}, el('h2', {id: `title-${id}`}, label), el('ul', {id: `group-${id}`, 'aria-labelledby': `title-${id}`}));
}

function personRow(person, you, go) {
  const make = () => el('li', {}, el('button', {
    type: 'button', class: 'row person', 'data-testid': `persona-${person.key}`, disabled: !person.can_sign_in,
    'aria-current': person.key === you ? 'true' : null,
    onclick: () => go({person: person.key}),
  },
    el('span', {class: `avatar ${tint(person.name)}`, 'aria-hidden': 'true'}, initials(person.name)),
    el('span', {class: 'name'}, person.name, el('small', {}, below(person))),
    person.is_fixed ? el('span', {class: 'pill ok'}, 'fixed') : person.hint ? el('span', {class: `pill ${TONES[person.hint] ?? ''}`}, person.hint) : null,
    badge(person.key === you ? 0 : person.unread)));
  return [JSON.stringify([person.key, person.unread, person.key === you, person.is_fixed]), make];
}

function below(person) {
  if (person.role === 'help_desk') return 'answers questions';
  if (person.role === 'admin') return 'administers Identity Center';
  if (person.standing !== 'member') return person.standing;
  return person.asks ? person.asks.replace(/"/g, '') : '';
}
