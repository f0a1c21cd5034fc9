// Who one is and where one looks, in the address of the page, so that Back, a reload and a link work.

// {person, channel, thread}, each null if the address does not say.
export function fromAddress() {
  const query = new URLSearchParams(location.search);
  return {person: query.get('person'), channel: query.get('channel'), thread: query.get('thread')};
}

export function addressOf({person, channel, thread}) {
  const query = new URLSearchParams({person});
  if (channel) query.set('channel', channel);
  if (thread) query.set('thread', thread);
  return `?${query}`;
}

// `how`: `push` for a step that Back undoes, `replace` for a correction.
export function toAddress(where, how) {
  const address = addressOf(where);
  if (address === location.search) return;
  if (how === 'push') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
}

// A channel's name in the address: its own, or `direct`.
export function nameOf(channel) {
  return channel.kind === 'direct' ? 'direct' : channel.name;
}
