// The bar: the clock that a visitor moves, what is failing now, whether the sandbox answers, and the drawers of a narrow
// screen.

import {byId, drawKeyed, el, tell} from './dom.js';
import {away, clockTime, companyNow} from './time.js';

let connected = true;
let shown = {state: null, timeZone: 'UTC', act: null};

export function startBar() {
  setInterval(tick, 5000);
  document.addEventListener('click', (event) => {
    if (!byId('clock').contains(event.target)) byId('clock').open = false;
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    byId('clock').open = false;
    closeDrawer();
  });
  byId('open-left').addEventListener('click', () => (byId('left').classList.contains('open') ? closeDrawer() : openDrawer()));
  byId('clock').addEventListener('toggle', () => drawClock());
}

export function showBar(state, timeZone, act) {
  shown = {state, timeZone, act};
  drawClock();
  drawAlerts();
}

function tick() {
  if (!shown.state) return;
  byId('clock-time').textContent = clockTime(companyNow(), shown.timeZone);
}

function drawClock() {
  const {state, act} = shown;
  if (!state) return;
  tick();
  const {next_sync: sync, next_digest: digest} = state.clock;
  byId('clock-title').textContent = state.clock.ahead_seconds
    ? `The company's time, ${span(state.clock.ahead_seconds)} ahead of yours`
    : "The company's time";
  const moves = [
    ['minutes', '+10 minutes', clockTime(companyNow() + 6e5, shown.timeZone), {minutes: 10}],
    ['sync', 'Next sync', sync ? `${clockTime(sync, shown.timeZone)}, ${away(sync)}` : 'none is due', sync && {to: 'sync'}],
    ['digest', 'Next digest', digest ? `${clockTime(digest, shown.timeZone)}, ${away(digest)}` : 'none is due', digest && {to: 'digest'}],
  ];
  drawKeyed(byId('clock-moves'), moves.map(([id, label, note, body]) => [JSON.stringify([id, note]), () => el('button', {
    type: 'button', class: 'move', 'data-testid': `clock-${id}`, disabled: !body,
    onclick: async () => {
      byId('clock').open = false;
      const answer = await tell('clock', body);
      act.notice(answer.ok ? `It is ${clockTime(answer.now, shown.timeZone)} in the company now.` : answer.error);
      act.refresh();
    },
  }, label, el('small', {}, note))]));
}

function span(seconds) {
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return minutes < 60 * 36 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 60 / 24)} days`;
}

// Whether the sandbox answers; it is said at once, and taken back once it answers again.
export function connection(is) {
  if (connected === is) return;
  connected = is;
  drawAlerts();
}

export function isLost() {
  return !connected;
}

function drawAlerts() {
  const {state, act} = shown;
  const lost = connected ? [] : [['lost', () => el('p', {class: 'alert lost', 'data-testid': 'lost'},
    el('strong', {}, 'The sandbox does not answer.'), ' What you typed is kept. Start it again, and this page goes on.')]];
  const failing = (state?.failing ?? []).map((one) => [JSON.stringify(one), () => el('p', {class: 'alert', 'data-testid': 'failing'},
    el('span', {}, el('strong', {}, 'Now:'), ` ${one.label}.`),
    one.can_end
      ? el('button', {type: 'button', onclick: async () => {
        const answer = await tell('end', {id: one.id});
        if (!answer.ok) act.notice(answer.error);
        act.refresh();
      }}, one.id.startsWith('fault:') ? 'End it' : 'Undo')
      : el('small', {}, '“Start again” undoes it.'))]);
  drawKeyed(byId('alerts'), [...lost, ...failing]);
}

// On a narrow screen people and channels are a drawer over the conversation.
function openDrawer() {
  byId('left').classList.add('open');
  byId('open-left').setAttribute('aria-expanded', 'true');
  cover(true);
  byId('find').focus();
}

// What a drawer covers takes no focus; who one is stays said.
export function cover(is) {
  for (const id of ['messages', 'composer']) byId(id).inert = is;
}

export function closeDrawer() {
  if (!byId('left').classList.contains('open')) return;
  const within = byId('left').contains(document.activeElement);
  byId('left').classList.remove('open');
  byId('open-left').setAttribute('aria-expanded', 'false');
  cover(false);
  if (within) byId('open-left').focus();
}
