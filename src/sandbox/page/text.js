// Slack's texts: mrkdwn, rich text, dates in the reader's zone, emoji. Only text nodes and fixed elements.

import {el} from './dom.js';
import {companyNow} from './time.js';

const EMOJI = {
  white_check_mark: '✅', heavy_check_mark: '✔️', x: '❌', warning: '⚠️', question: '❓', grey_question: '❔',
  hourglass: '⌛', hourglass_flowing_sand: '⏳', mag: '🔍', bell: '🔔', no_bell: '🔕', lock: '🔒', key: '🔑',
  information_source: 'ℹ️', arrows_counterclockwise: '🔄', raising_hand: '🙋', eyes: '👀', tada: '🎉', wave: '👋',
  red_circle: '🔴', large_green_circle: '🟢', large_yellow_circle: '🟡', white_circle: '⚪', rocket: '🚀',
  bulb: '💡', memo: '📝', link: '🔗', clock3: '🕒', zzz: '💤', no_entry: '⛔', construction: '🚧', robot_face: '🤖',
  heavy_minus_sign: '➖', large_blue_circle: '🔵', point_right: '👉', ticket: '🎫', bust_in_silhouette: '👤',
};

// A text object of a block.
export function textObject(object, context) {
  if (!object) return [];
  return object.type === 'mrkdwn' ? mrkdwn(object.text, context) : withEmoji(object.text);
}

export function plain(object) {
  return object ? withEmoji(object.text).map((piece) => piece.textContent ?? piece).join('') : '';
}

// Slack's mrkdwn: preformatted text, quotes, then what stands in a line.
export function mrkdwn(text, context) {
  return String(text).split(/(```[\s\S]*?```)/).flatMap((piece) => {
    if (piece.length > 6 && piece.startsWith('```') && piece.endsWith('```')) {
      return [el('pre', {}, unescapeMarkup(piece.slice(3, -3).replace(/^\n/, '')))];
    }
    return lines(piece, context);
  });
}

function lines(text, context) {
  const nodes = [];
  let quote = null;
  text.split('\n').forEach((line, index) => {
    const quoted = /^(&gt;|>)\s?/.exec(line);
    if (quoted) {
      if (quote) quote.append(el('br'));
      else nodes.push(quote = el('blockquote'));
      quote.append(...inLine(line.slice(quoted[0].length), context));
      return;
    }
    if (index > 0 && !quote) nodes.push(el('br'));
    quote = null;
    nodes.push(...inLine(line, context));
  });
  return nodes;
}

const STYLES = [['*', 'strong'], ['_', 'em'], ['~', 's']];

function inLine(text, context) {
  const reference = /`([^`\n]+)`|<([^<>\n]+)>/;
  const found = reference.exec(text);
  if (!found) return styled(text);
  const before = text.slice(0, found.index);
  const after = text.slice(found.index + found[0].length);
  // A style may go around a reference: *<@U0DANA>*.
  for (const [mark, tag] of STYLES) {
    const opens = before.lastIndexOf(mark);
    const closes = after.indexOf(mark);
    const count = before.split(mark).length - 1;
    if (count % 2 === 1 && opens >= 0 && closes >= 0 && startsWord(before, opens)) {
      const inside = before.slice(opens + 1) + found[0] + after.slice(0, closes);
      return [...inLine(before.slice(0, opens), context), el(tag, {}, inLine(inside, context)), ...inLine(after.slice(closes + 1), context)];
    }
  }
  const node = found[1] !== undefined ? el('code', {}, unescapeMarkup(found[1])) : angled(found[2], context);
  return [...styled(before), node, ...inLine(after, context)];
}

function startsWord(text, index) {
  return index === 0 || /[\s([{"'–—:*_~]/.test(text[index - 1]);
}

function styled(text) {
  for (const [mark, tag] of STYLES) {
    const sign = `[${mark}]`;
    const found = new RegExp(`(^|[\\s([{"'–—:*_~])${sign}(\\S|\\S[^\\n]*?\\S)${sign}(?=$|[^\\p{L}\\p{N}])`, 'u').exec(text);
    if (found) {
      const start = found.index + found[1].length;
      return [...styled(text.slice(0, start)), el(tag, {}, styled(found[2])), ...styled(text.slice(found.index + found[0].length))];
    }
  }
  return withEmoji(unescapeMarkup(text));
}

// What stands in angle brackets: a mention, a date or a link.
function angled(inside, context) {
  const [target, label] = splitOnce(inside, '|');
  if (target.startsWith('@')) return mention(`@${context.userName(target.slice(1))}`);
  if (target.startsWith('#')) return mention(`#${context.channelName(target.slice(1))}`);
  if (target.startsWith('!date^')) {
    const [, timestamp, format, url] = target.split('^');
    return date({timestamp: Number(timestamp), format, url, fallback: label}, context);
  }
  if (target.startsWith('!subteam^')) return mention(label ?? `@${target.slice(9)}`);
  if (target.startsWith('!')) return mention(`@${label ?? target.slice(1)}`);
  return link(target, unescapeMarkup(label ?? target.replace(/^mailto:/, '')), context);
}

function splitOnce(text, sign) {
  const index = text.indexOf(sign);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

function mention(text) {
  return el('span', {class: 'mention'}, text);
}

function link(target, label, context) {
  const url = unescapeMarkup(target);
  // A link to a message of this workspace leads there on the page.
  const inside = context?.permalink?.(url);
  if (inside) return el('a', {href: inside.href, onclick: inside.onclick}, label);
  // A link to anything but a page or an address, as javascript:, is shown and goes nowhere.
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return el('span', {}, label);
  return el('a', {href: url, target: '_blank', rel: 'noopener noreferrer'}, label);
}

// A date element, in the reader's own zone; the whole moment as its title.
export function date({timestamp, format, url, fallback}, context) {
  const moment = new Date(timestamp * 1000);
  if (Number.isNaN(moment.getTime())) return el('span', {}, fallback ?? '');
  const show = (options) => new Intl.DateTimeFormat('en-GB', {timeZone: context.timeZone, ...options}).format(moment);
  const day = {
    num: {year: 'numeric', month: '2-digit', day: '2-digit'},
    plain: {day: 'numeric', month: 'long', year: 'numeric'},
    short: {day: 'numeric', month: 'short', year: 'numeric'},
    long: {weekday: 'long', day: 'numeric', month: 'long', year: 'numeric'},
  };
  const pretty = (options) => nearDay(moment, context) ?? show(options);
  const tokens = {
    date_num: () => show(day.num), date: () => show(day.plain), date_short: () => show(day.short), date_long: () => show(day.long),
    date_pretty: () => pretty(day.plain), date_short_pretty: () => pretty(day.short), date_long_pretty: () => pretty(day.long),
    day_divider_pretty: () => pretty(day.long),
    time: () => show({hour: '2-digit', minute: '2-digit'}),
    time_secs: () => show({hour: '2-digit', minute: '2-digit', second: '2-digit'}),
    ago: () => ago(moment),
  };
  const text = String(format).replace(/\{(\w+)\}/g, (token, name) => (tokens[name] ? tokens[name]() : token));
  const time = el('time', {datetime: moment.toISOString(), title: show({dateStyle: 'full', timeStyle: 'long'})}, text);
  return url ? el('a', {href: /^https?:/i.test(url) ? url : null, rel: 'noopener noreferrer'}, time) : time;
}

function nearDay(moment, {timeZone}) {
  const dayOf = (date) => new Intl.DateTimeFormat('en-CA', {timeZone}).format(date);
  const days = {[dayOf(companyNow())]: 'today', [dayOf(companyNow() - 864e5)]: 'yesterday', [dayOf(companyNow() + 864e5)]: 'tomorrow'};
  return days[dayOf(moment)];
}

function ago(moment) {
  const minutes = Math.round((moment - companyNow()) / 6e4);
  const format = new Intl.RelativeTimeFormat('en', {numeric: 'auto'});
  if (Math.abs(minutes) < 60) return format.format(minutes, 'minute');
  if (Math.abs(minutes) < 60 * 24) return format.format(Math.round(minutes / 60), 'hour');
  return format.format(Math.round(minutes / 60 / 24), 'day');
}

function unescapeMarkup(text) {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}

function withEmoji(text) {
  return [String(text).replace(/:([a-z0-9_+-]+):/g, (written, name) => EMOJI[name] ?? written)];
}

// The elements of a rich text block.
export function richText(elements, context) {
  return elements.map((element) => {
    const inside = () => element.elements.flatMap((leaf) => leafNodes(leaf, context));
    switch (element.type) {
      case 'rich_text_section': return el('p', {}, inside());
      case 'rich_text_quote': return el('blockquote', {}, inside());
      case 'rich_text_preformatted': return el('pre', {}, inside());
      case 'rich_text_list': return el(
        element.style === 'ordered' ? 'ol' : 'ul',
        {class: `indent-${element.indent ?? 0}`, start: element.offset ? element.offset + 1 : null},
        element.elements.map((item) => el('li', {}, item.elements.flatMap((leaf) => leafNodes(leaf, context)))),
      );
      default: return el('p', {}, `[${element.type}]`);
    }
  });
}

function leafNodes(leaf, context) {
  const nodes = leafContent(leaf, context);
  const style = leaf.style ?? {};
  return [['code', 'code'], ['strike', 's'], ['italic', 'em'], ['bold', 'strong']].reduce(
    (inside, [name, tag]) => (style[name] ? [el(tag, {}, inside)] : inside),
    nodes,
  );
}

function leafContent(leaf, context) {
  switch (leaf.type) {
    case 'text': return leaf.text.split('\n').flatMap((line, index) => (index ? [el('br'), line] : [line]));
    case 'link': return [link(leaf.url, leaf.text ?? leaf.url, context)];
    case 'user': return [mention(`@${context.userName(leaf.user_id)}`)];
    case 'channel': return [mention(`#${context.channelName(leaf.channel_id)}`)];
    case 'usergroup': return [mention(`@${leaf.usergroup_id}`)];
    case 'broadcast': return [mention(`@${leaf.range}`)];
    case 'emoji': return [EMOJI[leaf.name] ?? fromUnicode(leaf.unicode) ?? `:${leaf.name}:`];
    case 'date': return [date(leaf, context)];
    default: return [`[${leaf.type}]`];
  }
}

function fromUnicode(unicode) {
  return unicode ? String.fromCodePoint(...unicode.split('-').map((point) => parseInt(point, 16))) : undefined;
}
