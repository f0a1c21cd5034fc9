// Behind the scenes: what is really so and how it is fixed (after the first answer), what the question cost, and what
// can be broken.

import {byId, drawKeyed, el, tell} from './dom.js';
import {chain} from './chain.js';
import {postDigest} from './greeting.js';

const VERDICTS = {access: 'has access', blocked: 'no access', undetermined: "can't tell"};

export function startBehind(act) {
  byId('reset').addEventListener('click', async () => {
    await tell('reset', {});
    act.go({thread: null});
    act.notice('The company begins again.');
  });
  byId('digest').addEventListener('click', () => postDigest(act));
  byId('faults').addEventListener('submit', async (event) => {
    event.preventDefault();
    const kind = byId('fault').value;
    const answer = await tell('faults', {operation: byId('operation').value, fault: kind === 'throttled' ? {throttled: {retry_after: 30}} : kind});
    if (!answer.ok) act.notice(answer.error);
    act.refresh();
  });
}

export function showBehind(state, act) {
  const you = state.people.find((person) => person.key === state.you);
  const focused = document.activeElement;
  const one = (id, key, make) => drawKeyed(byId(id), [[JSON.stringify(key), () => el('div', {}, make())]]);
  one('truth', [you.key, you.is_answered, you.is_fixed, you.expects, state.idp, state.failing.length], () => truth(state, you, act));
  one('breaking', [you.key, state.breakable], () => breaking(state, you, act));
  one('cost', [state.trace], () => cost(state.trace));
  // A button that did its work is gone; the focus stays beside where it was.
  if (!focused.isConnected) byId('truth').parentElement.focus({preventScroll: true});
  showCalls(state.calls);
  const operations = byId('operation');
  if (operations.children.length === 0) operations.append(...state.operations.map((operation) => el('option', {}, operation)));
}

function truth(state, you, act) {
  if (you.asks && !you.is_answered) {
    return [el('h3', {}, "What's really going on"), el('p', {class: 'small'}, "Ask first. After the first answer you read here what's really going on, and you can fix it.")];
  }
  const expects = you.is_fixed && you.mended ? you.mended : you.expects;
  return [
    el('h3', {}, you.is_fixed ? 'What was going on' : "What's really going on"),
    expects ? chain(state, expects.place, how(expects)) : null,
    el('p', {class: 'truth-story'}, you.story),
    expects ? el('p', {class: 'expected'}, rightAnswer(state, you), VERDICTS[expects.verdict], ', ', el('code', {}, expects.cause)) : null,
    you.mend_label ? fix(you, act) : null,
  ].filter(Boolean);
}

function rightAnswer(state, you) {
  if (state.failing.length) return 'Without what is broken or failing now, the right answer: ';
  return you.is_fixed ? 'The right answer now: ' : 'The right answer: ';
}

function how(expects) {
  if (expects.verdict === 'access') return 'ok';
  return ['sync_pending', 'assignment_in_progress'].includes(expects.cause) ? 'wait' : 'bad';
}

function fix(you, act) {
  if (you.is_fixed) {
    return el('div', {class: 'fix'}, el('p', {class: 'done'}, '✓ Fixed.'),
      el('p', {class: 'small'}, 'Press “Check again” under the answer: the bot sees it.'));
  }
  const note = el('p', {role: 'alert', class: 'error'});
  const button = el('button', {
    type: 'button', class: 'primary', 'data-testid': 'mend',
    onclick: async () => {
      button.disabled = true;
      const answer = await tell('mend', {person: you.key});
      if (!answer.ok) {
        button.disabled = false;
        note.textContent = answer.error;
      }
      act.refresh();
    },
  }, you.mend_label);
  return el('div', {class: 'fix'}, el('p', {class: 'small'}, 'What an administrator would do:'), button, note);
}

function breaking(state, you, act) {
  const note = el('p', {role: 'alert', class: 'error'});
  const button = (one) => el('button', {
    type: 'button', 'data-testid': `break-${one.id}`,
    onclick: async () => {
      const answer = await tell('break', {person: you.key, id: one.id});
      if (answer.ok) act.notice(`${answer.label}. Now ask, or check again.`);
      else note.textContent = answer.error;
      act.refresh();
    },
  }, one.label);
  return [
    el('h3', {}, 'Break something'),
    state.breakable.length
      ? el('ul', {}, state.breakable.map((one) => el('li', {}, button(one))))
      : el('p', {class: 'small'}, `${you.first_name} has nothing in AWS that could be broken.`),
    note,
  ];
}

// The calls of the newest question in their order, each with its share of the time.
function cost(trace) {
  if (!trace || trace.calls.length === 0) return [el('h3', {}, 'What it cost'), el('p', {class: 'small'}, 'Every call that a question needs appears here, in order and with its time.')];
  const ends = trace.calls.map((call) => call.began_ms + (call.took_ms ?? 0));
  const whole = Math.max(...ends, 1);
  const count = (service) => trace.calls.filter((call) => serviceOf(call.operation) === service).length;
  const parts = [['aws', 'AWS'], ['idp', 'directory'], ['slack', 'Slack']].filter(([id]) => count(id));
  return [
    el('h3', {}, 'What it cost'),
    el('p', {class: 'small'}, el('code', {}, trace.label), ` ${trace.calls.length} calls in ${milliseconds(whole)}`),
    el('div', {class: 'falls', 'data-testid': 'falls', tabindex: '0', role: 'group', 'aria-label': 'Calls in their order'}, trace.calls.map((call) => fall(call, whole))),
    el('p', {class: 'key'}, parts.map(([id, name]) => el('span', {class: id}, `${count(id)} ${name}`)),
      trace.calls.some(failed) ? el('span', {class: 'failed'}, 'failed') : null),
  ];
}

function fall(call, whole) {
  const bar = el('span');
  bar.style.left = `${Math.min(99, (call.began_ms / whole) * 100)}%`;
  bar.style.width = `${Math.max(0.8, ((call.took_ms ?? whole - call.began_ms) / whole) * 100)}%`;
  const took = call.took_ms === null ? 'waiting' : failed(call) ? `${call.status ?? 'no answer'}` : milliseconds(call.took_ms);
  return el('div', {class: `fall ${serviceOf(call.operation)} ${failed(call) ? 'failed' : ''}`},
    el('span', {class: 'op', title: call.operation}, call.operation), el('span', {class: 'ms'}, took),
    el('span', {class: 'track', 'aria-hidden': 'true'}, bar));
}

function failed(call) {
  return call.took_ms !== null && (call.status === null || call.status >= 400);
}

function serviceOf(operation) {
  const prefix = operation.split(':')[0];
  if (prefix === 'slack') return 'slack';
  return ['graph', 'okta'].includes(prefix) ? 'idp' : 'aws';
}

function milliseconds(value) {
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

function showCalls(calls) {
  const open = byId('calls').querySelector('details')?.open;
  const names = Object.entries(calls.by_operation);
  byId('calls').replaceChildren(el('details', {open},
    el('summary', {}, `Calls so far: ${calls.aws} to AWS, ${calls.idp} to the directory, ${calls.slack} to Slack`),
    el('table', {}, el('tbody', {}, names.map(([name, count]) => el('tr', {}, el('td', {}, name), el('td', {}, String(count))))))));
}
