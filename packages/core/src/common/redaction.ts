import { Folded } from './folding.ts';

/** What is shorter when it is folded stands in many a text by chance: it is cut out only as it is, and as JSON has it. */
const shortest = 4;

const mark = '[redacted]';
/** What is beyond is dropped: nobody reads that much. */
const longest = 128 * 1024;
/** How many characters may stand for one. */
const widest = 12;

/** Foreign text as it may be shown: redacted before it is cut, which might split a secret, and in one line. */
export function shownText(text: string, secrets: readonly string[] | undefined, length: number): string {
  return redact(text, secrets)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, length);
}

/** A part of a text. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts secrets out of foreign text, in every spelling: as they are, or as a URL, a form, an HTML page or JSON encodes them.
 * Takes linear time, whatever the text and the secrets. Of a text over 128 kB, the rest is dropped.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const wanted = [...new Set(secrets)].filter(Boolean);
  if (wanted.length === 0) return text;
  if (text.length > longest) {
    // The cut may have split a secret.
    const kept = redact(text.slice(0, longest), wanted);
    return kept.slice(0, Math.max(0, kept.length - widest * Math.max(...wanted.map(({ length }) => length))));
  }
  const rest = wanted.reduce((cut, secret) => cut.replaceAll(inJson(secret), mark).replaceAll(secret, mark), text);
  const spellings = wanted.flatMap((secret) => [secret, secret.normalize('NFC'), secret.normalize('NFD')]);
  const patterns = [...new Set(spellings)].map((spelling) => new Folded(spelling));
  const decoded = cutOut(new Folded(rest), patterns, () => true);
  // Letters beyond ASCII may be lost on the way, or read in another encoding.
  const changed = patterns.filter((pattern) => /[^\0-\x7f]/.test(pattern.text));
  return changed.length === 0 ? decoded : cutOut(new Folded(decoded), changed, isSure);
}

function inJson(secret: string): string {
  return JSON.stringify(secret).slice(1, -1);
}

/** Whether a unit is no letter beyond ASCII, and no blank or question mark, which may stand for one. */
const isSure = (unit: number): boolean => unit <= 0x7f && unit !== 0x20 && unit !== 0x3f;

/**
 * All places of a pattern, those that overlap included, by the algorithm of Knuth, Morris and Pratt: the search of the runtime
 * takes quadratic time for some patterns. Units that do not count are left out of both.
 */
function search(folded: Folded, pattern: Folded, counts: (unit: number) => boolean): Place[] {
  const wanted = indicesOf(pattern, counts);
  if (wanted.length < shortest) return [];
  const kept = indicesOf(folded, counts);
  const unitAt = (index: number): number | undefined => pattern.units[wanted[index] ?? -1];
  const borders = new Uint32Array(wanted.length);
  const advance = (matched: number, unit: number | undefined): number => {
    while (matched > 0 && unitAt(matched) !== unit) matched = borders[matched - 1] ?? 0;
    return unitAt(matched) === unit ? matched + 1 : matched;
  };
  for (let index = 1; index < wanted.length; index++) borders[index] = advance(borders[index - 1] ?? 0, unitAt(index));
  // What the pattern leaves out at its ends goes with it.
  const before = (pattern.starts[wanted[0] ?? 0] ?? 0) > 0;
  const behind = (pattern.ends[wanted.at(-1) ?? 0] ?? 0) < pattern.text.length;
  const places: Place[] = [];
  let matched = 0;
  for (let index = 0; index < kept.length; index++) {
    matched = advance(matched, folded.units[kept[index] ?? 0]);
    if (matched < wanted.length) continue;
    const [first, last] = [index - matched + 1, index];
    const start = before ? (folded.ends[kept[first - 1] ?? -1] ?? 0) : folded.starts[kept[first] ?? 0];
    const end = behind ? (folded.starts[kept[last + 1] ?? -1] ?? folded.text.length) : folded.ends[kept[last] ?? 0];
    places.push({ start: start ?? 0, end: end ?? 0 });
  }
  return places;
}

function indicesOf({ units, length }: Folded, counts: (unit: number) => boolean): Uint32Array {
  const indices = new Uint32Array(length);
  let count = 0;
  for (let index = 0; index < length; index++) if (counts(units[index] ?? 0)) indices[count++] = index;
  return indices.subarray(0, count);
}

function cutOut(folded: Folded, patterns: readonly Folded[], counts: (unit: number) => boolean): string {
  const places = patterns.flatMap((pattern) => search(folded, pattern, counts));
  let [rest, end] = ['', 0];
  for (const place of places.toSorted((one, other) => one.start - other.start)) {
    if (place.start >= end) rest += folded.text.slice(end, place.start) + mark;
    end = Math.max(end, place.end);
  }
  return rest + folded.text.slice(end);
}
