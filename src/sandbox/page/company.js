// The two sides of the page: who you are and where you look (left), and what lies behind it (right).

import {byId, drawKeyed, el, tell} from './dom.js';
import {initials} from './conversation.js';
import {fillComposer} from './composer.js';

const mended = new Set(); // keys of people whose fault was mended since the company was founded

// `seen` knows which messages were looked at; `go` changes the person or the place.
export function showPeople(state, place, seen, go) {
  const you = state.people.find((person) => person.key === state.you);
  byId('team').textContent = state.team;
  byId('idp').textContent = `${state.idp}.`;
  drawKeyed(byId('you'), [[JSON.stringify([you, mended.has(you.key)]), () => el('div', {}, card(you))]]);
  drawKeyed(byId('channels'), channelRows(state, place, seen, go));
  drawKeyed(byId('people'), state.people.map((person) => personRow(person, state.you, seen, go)));
  const unread = state.people.reduce((sum, person) => sum + seen.unreadOf(person), 0);
  byId('bar-badge').hidden = unread === 0;
  byId('bar-badge').textContent = String(unread);
}

function card(you) {
  return [
    el('p', {class: 'eyebrow'}, 'You are'),
    el('p', {class: 'who'}, el('span', {class: 'avatar', 'aria-hidden': 'true'}, initials(you.name)), el('strong', {}, you.name)),
    el('p', {}, you.story),
    you.asks ? el('p', {class: 'try'}, 'Try ', el('button', {
      type: 'button', class: 'fill', 'data-testid': 'suggestion',
      onclick: () => { closeDrawers(); fillComposer(`/sso-why ${you.asks}`); },
    }, `/sso-why ${you.asks}`)) : null,
    you.expects ? el('p', {class: 'expects'}, 'Expected: ', verdict(mended.has(you.key) && you.mended ? you.mended : you.expects)) : null,
  ].filter(Boolean);
}

function verdict(expects) {
  return el('span', {class: `verdict ${expects.verdict}`}, expects.verdict, ' · ', el('code', {}, expects.cause));
}

function channelRows(state, place, seen, go) {
  const rows = state.channels.map((channel) => {
    const sign = {public: '#', private: '🔒', direct: '●'}[channel.kind];
    const name = channel.kind === 'direct' ? `${channel.name} (direct message)` : channel.name;
    return row(`channel-${channel.id}`, sign, name, seen.unreadIn(channel), place === channel.id, () => go({place: channel.id}));
  });
  return [...rows, row('channel-home', '⌂', `${state.bot.name} home`, 0, place === 'home', () => go({place: 'home'}))];
}

function row(testid, sign, name, unread, selected, onclick) {
  const make = () => el('li', {}, el('button', {
    type: 'button', class: 'row', 'data-testid': testid, 'aria-current': selected ? 'page' : null,
    onclick: () => { closeDrawers(); onclick(); },
  }, el('span', {class: 'sign', 'aria-hidden': 'true'}, sign), el('span', {class: 'name'}, name), badge(unread)));
  return [JSON.stringify([testid, unread, selected]), make];
}

function badge(count) {
  return count ? el('span', {class: 'badge', 'aria-label': `${count} new`}, String(count)) : null;
}

function personRow(person, you, seen, go) {
  const below = person.can_sign_in && person.standing === 'member' ? person.expects?.cause ?? '' : person.standing;
  const unread = seen.unreadOf(person);
  const make = () => el('li', {}, el('button', {
    type: 'button', class: 'row person', 'data-testid': `persona-${person.key}`, disabled: !person.can_sign_in,
    title: person.story, 'aria-current': person.key === you ? 'true' : null,
    onclick: () => go({person: person.key}),
  },
    el('span', {class: 'avatar', 'aria-hidden': 'true'}, initials(person.name)),
    el('span', {class: 'name'}, person.name, el('small', {}, below)),
    badge(unread)));
  return [JSON.stringify([person.key, unread, person.key === you]), make];
}

export function showBehind(state, refresh) {
  const you = state.people.find((person) => person.key === state.you);
  byId('behind').replaceChildren(
    el('p', {}, you.story),
    ...(you.expects ? [el('p', {class: 'expects'}, 'Expected answer: ', verdict(you.expects))] : []),
  );
  drawKeyed(byId('mending'), [[JSON.stringify([you.key, mended.has(you.key)]), () => el('div', {}, mending(you, refresh))]]);
  showCalls(state.calls);
  const operations = byId('operation');
  if (operations.children.length === 0) operations.append(...state.operations.map((operation) => el('option', {}, operation)));
}

function mending(you, refresh) {
  if (!you.mend_label) return [el('p', {class: 'quiet-note'}, 'There is nothing that an administrator would mend here.')];
  const note = el('p', {role: 'status', class: 'error'});
  const button = el('button', {
    type: 'button', class: 'primary', 'data-testid': 'mend', disabled: mended.has(you.key),
    onclick: async () => {
      button.disabled = true;
      const answer = await tell('mend', {person: you.key});
      if (answer.ok) mended.add(you.key);
      else note.textContent = answer.error;
      refresh();
    },
  }, you.mend_label);
  const after = mended.has(you.key)
    ? ['Done. Now press “Check again” under the report. Expected then: ', you.mended ? verdict(you.mended) : 'another answer', '.']
    : ['Does what an administrator would do. Then press “Check again” under the report.'];
  return [el('h3', {}, 'Mend it'), button, el('p', {class: 'quiet-note'}, after), note];
}

function showCalls(calls) {
  const open = byId('calls').querySelector('details')?.open;
  const names = Object.entries(calls.by_operation);
  byId('calls').replaceChildren(el('details', {open},
    el('summary', {}, `Calls so far: ${calls.aws} to AWS, ${calls.idp} to the IdP, ${calls.slack} to Slack`),
    el('table', {}, el('tbody', {}, names.map(([name, count]) => el('tr', {}, el('td', {}, name), el('td', {}, String(count))))))));
}

export function startSides(refresh) {
  for (const side of ['left', 'right']) {
    byId(`open-${side}`).addEventListener('click', () => toggle(side));
  }
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') closeDrawers(); });
  byId('reset').addEventListener('click', async () => {
    await tell('reset', {});
    mended.clear();
    byId('notice').textContent = 'The company starts anew.';
    refresh();
  });
  byId('digest').addEventListener('click', async () => {
    byId('notice').textContent = 'The bot looks at all groups.';
    await tell('digest', {});
    byId('notice').textContent = "Today's digest stands in the admins' channel. Speak as somebody who is in it.";
    refresh();
  });
  byId('faults').addEventListener('submit', async (event) => {
    event.preventDefault();
    const kind = byId('fault').value;
    await tell('faults', {operation: byId('operation').value, fault: kind === 'throttled' ? {throttled: {retry_after: 30}} : kind});
    byId('notice').textContent = `From now on ${byId('operation').value} fails.`;
  });
  byId('heal').addEventListener('click', async () => {
    await tell('faults', {});
    byId('notice').textContent = 'All calls are well again.';
  });
}

// On a narrow screen both sides are drawers over the conversation.
function toggle(side) {
  const opens = !byId(side).classList.contains('open');
  closeDrawers();
  byId(side).classList.toggle('open', opens);
  byId(`open-${side}`).setAttribute('aria-expanded', String(opens));
}

function closeDrawers() {
  for (const side of ['left', 'right']) {
    byId(side).classList.remove('open');
    byId(`open-${side}`).setAttribute('aria-expanded', 'false');
  }
}
