// A line in which a person types: Enter sends, `@` offers people, `/` offers commands, arrow-up brings back the last.
// There is one under the conversation and one under the thread. What is typed is kept until it was taken.

import {byId, el, tell} from './dom.js';

const COMMAND = '/sso-why';
const INVITE = '/invite';
const COMMANDS = [
  [`${COMMAND} `, 'and an account: why is it missing?'],
  [COMMAND, 'the form'],
  [`${COMMAND} help`, 'what the bot understands'],
  [`${INVITE} @sso-why`, 'let the bot into this channel'],
];

// `names`: the ids of its elements; `where()`: {person, channel, thread, people, commands}; `act`: refresh, notice(text).
export class Composer {
  constructor(names, where, act) {
    this.form = byId(names.form);
    this.input = byId(names.input);
    this.list = byId(names.list);
    this.hint = names.hint ? byId(names.hint) : null;
    this.where = where;
    this.act = act;
    this.recalled = 0;
    this.key = null;
    this.form.addEventListener('submit', (event) => { event.preventDefault(); this.send(); });
    this.input.addEventListener('input', () => { this.recalled = 0; this.changed(); });
    this.input.addEventListener('keydown', (event) => this.steer(event));
    this.input.addEventListener('blur', () => setTimeout(() => this.offerThese([]), 150));
  }

  // To be called when the person or the place may have changed: each has a draft of its own.
  settle() {
    const {person, channel, thread} = this.where();
    const key = `${person} ${channel} ${thread ?? ''}`;
    if (key === this.key) return;
    this.key = key;
    this.input.value = sessionStorage.getItem(`draft ${key}`) ?? '';
    this.offerThese([]);
    this.showHint();
  }

  fill(text) {
    this.input.value = text;
    this.input.focus();
    this.changed();
    this.offerThese([]);
  }

  // Types it letter by letter, as a person would, and sends it.
  async type(text) {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.input.focus();
    for (let length = calm ? text.length : 1; length <= text.length; length++) {
      this.input.value = text.slice(0, length);
      this.showHint();
      if (!calm) await new Promise((resolve) => setTimeout(resolve, 14));
    }
    return this.send();
  }

  async send() {
    const text = this.input.value.trim();
    const {person, channel, thread, commands} = this.where();
    if (!text || !channel) return;
    const word = text.split(/\s/)[0];
    if (isCommand(text) && ![COMMAND, INVITE].includes(word)) return this.act.notice(`${word} is not a command here; ${COMMAND} is.`);
    if (isCommand(text) && !commands) return this.act.notice('Slack has no slash commands in threads. Mention @sso-why instead.');
    this.input.value = '';
    this.input.focus();
    this.changed();
    this.offerThese([]);
    this.act.notice('');
    remember(person, text);
    const answer = await tell('command', {person, channel, text, thread_ts: thread});
    if (answer.lost) {
      // Nobody took it.
      if (!this.input.value) this.fill(text);
    } else if (!answer.ok) {
      this.act.notice(answer.error);
    }
    this.act.refresh();
  }

  changed() {
    if (this.input.value) sessionStorage.setItem(`draft ${this.key}`, this.input.value);
    else sessionStorage.removeItem(`draft ${this.key}`);
    this.showHint();
    this.offer();
  }

  showHint() {
    const command = this.where().commands && isCommand(this.input.value);
    this.form.classList.toggle('command', Boolean(command));
    if (!this.hint) return;
    const isBots = this.input.value.startsWith(COMMAND);
    this.hint.textContent = isBots ? 'A slash command: the answer is for you alone.' : 'Enter sends. / offers commands, @ people, ↑ your last line.';
  }

  wordAtEnd() {
    return /(^|\s)@(\S*)$/.exec(this.input.value.slice(0, this.input.selectionStart));
  }

  offer() {
    const {people, commands} = this.where();
    const typed = this.input.value;
    if (commands && /^\/\S*$/.test(typed) && typed !== COMMAND) {
      return this.offerThese(COMMANDS.filter(([text]) => text.startsWith(typed)).map(([text, note]) => ({text, note, pick: () => this.fill(text)})));
    }
    const found = this.wordAtEnd();
    if (!found) return this.offerThese([]);
    const name = found[2].toLowerCase();
    const fits = (person) => person.key.startsWith(name) || person.name.toLowerCase().split(/\s/).some((word) => word.startsWith(name));
    return this.offerThese(people.filter(fits).slice(0, 8).map((person) => ({text: `@${person.key}`, note: person.name, key: person.key, pick: () => this.pick(person.key)})));
  }

  offerThese(offers) {
    this.offers = offers;
    const prefix = this.list.id;
    this.list.replaceChildren(...offers.map((offer, index) => el('li', {
      role: 'option', id: `${prefix}-${index}`, 'aria-selected': String(index === 0), 'data-key': offer.key,
      onmousedown: (event) => { event.preventDefault(); offer.pick(); },
    }, el('strong', {}, offer.text), el('small', {}, offer.note))));
    this.list.hidden = offers.length === 0;
    this.input.setAttribute('aria-expanded', String(offers.length > 0));
    if (offers.length) this.input.setAttribute('aria-activedescendant', `${prefix}-0`);
    else this.input.removeAttribute('aria-activedescendant');
  }

  pick(key) {
    const found = this.wordAtEnd();
    const end = this.input.selectionStart;
    const start = end - found[2].length;
    this.input.value = `${this.input.value.slice(0, start)}${key} ${this.input.value.slice(end)}`;
    this.input.setSelectionRange(start + key.length + 1, start + key.length + 1);
    this.changed();
    this.offerThese([]);
  }

  steer(event) {
    const items = [...this.list.children];
    const vertical = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (items.length === 0) {
      if (vertical && this.recall(vertical)) event.preventDefault();
      return;
    }
    const selected = Math.max(items.findIndex((item) => item.getAttribute('aria-selected') === 'true'), 0);
    if (vertical) {
      const next = (selected + vertical + items.length) % items.length;
      items.forEach((item, index) => item.setAttribute('aria-selected', String(index === next)));
      items[next].scrollIntoView({block: 'nearest'});
      this.input.setAttribute('aria-activedescendant', items[next].id);
    } else if (event.key === 'Tab' || event.key === 'Enter') {
      // What stands there whole is taken as typed, so that Enter sends.
      const offer = this.offers[selected];
      const whole = offer.key ? this.wordAtEnd()?.[2] === offer.key : offer.text.trim() === this.input.value;
      if (event.key === 'Enter' && whole) return this.offerThese([]);
      offer.pick();
    } else if (event.key === 'Escape') {
      this.offerThese([]);
    } else {
      return;
    }
    event.preventDefault();
  }

  // Arrow-up in an empty line brings back what the person sent last, and what they sent before.
  recall(direction) {
    const sent = remembered(this.where().person);
    const at = this.recalled - direction;
    if ((this.input.value && this.recalled === 0) || at < 0 || at > sent.length) return false;
    this.recalled = at;
    this.input.value = at === 0 ? '' : sent.at(-at);
    this.showHint();
    return true;
  }
}

// Two slashes begin what stays among agents, and are no command.
function isCommand(text) {
  return /^\/(?!\/)/.test(text);
}

function remembered(person) {
  return JSON.parse(sessionStorage.getItem(`sent ${person}`) ?? '[]');
}

function remember(person, text) {
  sessionStorage.setItem(`sent ${person}`, JSON.stringify([...remembered(person), text].slice(-20)));
}
