// The way to an account as a picture: who has to know of a person, one after the other, and where it breaks.

import {el} from './dom.js';

const PLACES = ['idp', 'sync', 'aws', 'access', 'portal'];

export function directoryName(state) {
  return /^(Entra ID|Okta) /.exec(state.idp)?.[1] ?? 'Company directory';
}

// `place`: where it breaks, as the server names it; `how`: `bad`, `wait`, `ok` for no break, `unknown`.
export function chain(state, place, how) {
  const labels = [directoryName(state), 'Sync', 'AWS group', 'Account', 'Portal'];
  const breaks = place === 'account' ? PLACES.indexOf('access') : PLACES.indexOf(place);
  const stateOf = (index) => {
    if (how === 'unknown') return ['', '?'];
    if (how === 'ok' || index < breaks) return ['ok', '✓'];
    if (index > breaks) return ['', '–'];
    return how === 'wait' ? ['wait', '…'] : ['bad', '✕'];
  };
  const said = {ok: 'fine', bad: 'it breaks here', wait: 'on its way', '': how === 'unknown' ? 'not known yet' : 'not reached'};
  return el('ol', {class: 'chain', 'aria-label': 'The way to the account'}, labels.map((label, index) => {
    const [className, sign] = stateOf(index);
    return el('li', {class: className},
      el('span', {class: 'dot', 'aria-hidden': 'true'}, sign),
      el('span', {}, label, el('span', {class: 'hidden'}, `: ${said[className]}`)));
  }));
}
