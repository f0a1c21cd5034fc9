// What time it is in the company: the server's, and running on from when it was told.

let told = {at: Date.now(), heard: performance.now()};

export function hear(moment) {
  told = {at: Date.parse(moment), heard: performance.now()};
}

// Milliseconds since 1970, in the company.
export function companyNow() {
  return told.at + performance.now() - told.heard;
}

// A moment as somebody in this zone writes it: the time today, else with the day.
export function clockTime(moment, timeZone) {
  const date = new Date(moment);
  const time = new Intl.DateTimeFormat('en-GB', {timeZone, hour: '2-digit', minute: '2-digit'}).format(date);
  const day = (of) => new Intl.DateTimeFormat('en-CA', {timeZone}).format(of);
  if (day(date) === day(companyNow())) return time;
  return `${new Intl.DateTimeFormat('en-GB', {timeZone, weekday: 'short'}).format(date)} ${time}`;
}

// How far off it is: `26 min`, `15 h`.
export function away(moment) {
  const minutes = Math.max(1, Math.round((Date.parse(moment) - companyNow()) / 6e4));
  return minutes < 90 ? `in ${minutes} min` : `in ${Math.round(minutes / 60)} h`;
}
