// What stands in an empty conversation: who one is, what is wrong, and what to do first.

import {chain} from './chain.js';
import {el, tell} from './dom.js';

// `act`: go(to) changes the person or the place; ask(text) types and sends; notice(text); refresh().
export function greeting(state, you, channel, act) {
  if (channel.id === state.help_desk && you.role === 'help_desk') return ofTheHelpDesk(state, you, act);
  if (channel.id === state.admins && you.role === 'admin') return ofTheAdmin(state, you, act);
  if (channel.kind === 'direct') return el('p', {class: 'empty'}, 'Nothing has been said here yet. The bot writes to you here, and you can ask it: type the name of an account.');
  if (channel.id !== firstOf(state).id || !you.asks) return el('p', {class: 'empty'}, 'Nothing has been said here yet.');
  return shown(you, [
    button('Ask why', 'ask', () => act.ask(`/sso-why ${you.asks}`), true),
    ...roles(state, act),
  ], [
    chain(state, null, 'unknown'),
    el('p', {class: 'about'}, 'The bot reads every step of this way and tells you where it stops. Everything around it is simulated; the bot is the real one.'),
  ]);
}

function firstOf(state) {
  return state.channels.find((channel) => channel.kind === 'public') ?? state.channels[0];
}

function ofTheHelpDesk(state, you, act) {
  const asker = beginner(state);
  return shown(you, [
    asker ? button(`Ask about ${asker.first_name}`, 'ask', () => act.ask(`/sso-why @${asker.key} ${asker.asks}`), true) : null,
    ...roles(state, act, 'help_desk'),
  ], [el('p', {class: 'about'}, 'You may ask about anybody. To get a ticket, ask as somebody else first and press “Ask the help desk” under the answer.')]);
}

function ofTheAdmin(state, you, act) {
  const post = async (event) => {
    event.currentTarget.setAttribute('aria-busy', 'true');
    await postDigest(act);
  };
  return shown(you, [button("Post today's digest", 'greet-digest', post, true), ...roles(state, act, 'admin')],
    [el('p', {class: 'about'}, 'The digest lists groups that look alike and whom they keep out. It comes by itself every morning: the clock above can take you there.')]);
}

// Has the digest posted now; the admins' channel shows it.
export async function postDigest(act) {
  act.notice('The bot looks at all groups. That takes a few seconds.');
  const answer = await tell('digest', {});
  if (answer.ok) act.notice('', {text: "Today's digest is in the admins' channel.", label: 'Read it as an admin', admin: true});
  else act.notice(answer.error);
  act.refresh();
}

// The first of those to begin with.
export function beginner(state) {
  return state.people.find((person) => person.group === 'try' && person.can_sign_in);
}

function roles(state, act, mine) {
  const someone = (role) => state.people.find((person) => person.role === role && person.can_sign_in);
  const [agent, admin, asker] = [someone('help_desk'), someone('admin'), beginner(state)];
  return [
    mine && asker ? button(`Be ${asker.first_name}`, 'be-asker', () => act.go({person: asker.key, channel: firstOf(state).name})) : null,
    agent && mine !== 'help_desk' ? button('Be the help desk', 'be-help-desk', () => act.go({person: agent.key, channel: state.channel_names[state.help_desk]})) : null,
    admin && mine !== 'admin' ? button('Be the admin', 'be-admin', () => act.go({person: admin.key, channel: state.channel_names[state.admins] ?? 'aws-admins'})) : null,
  ];
}

function button(label, testid, onclick, primary) {
  return el('button', {type: 'button', class: primary ? 'primary' : '', 'data-testid': testid, onclick}, label);
}

// The account's name stays in one line.
function unbroken(text, asks) {
  const [before, after] = text.split(asks ?? ' ');
  return after === undefined ? text : [before, el('b', {}, asks), after];
}

function shown(you, choices, rest) {
  return el('div', {class: 'greeting', 'data-testid': 'greeting'},
    el('p', {class: 'who'}, `You are ${you.first_name}. `, el('span', {}, unbroken(you.opening, you.asks))),
    el('div', {class: 'choices'}, choices),
    rest);
}
