const named: Readonly<Record<string, number>> = { amp: 0x26, lt: 0x3c, gt: 0x3e, quot: 0x22, apos: 0x27 };
const escapes: Readonly<Record<string, number>> = { b: 0x08, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09 };
const [percent, ampersand, semicolon, backslash, plus, blank, u, x] = [0x25, 0x26, 0x3b, 0x5c, 0x2b, 0x20, 0x75, 0x78];
/** `&#x0010ffff;` is the longest. */
const longestReference = 12;

/**
 * A text in one spelling: what is encoded as in a URL, a form, JSON or an HTML page is decoded, as often as it was encoded; letters
 * beyond ASCII are bytes of UTF-8, others are small; backslashes are gone. Takes linear time.
 *
 * The end of what has been folded is decoded as soon as it can be; what comes out may be a part of the next encoding.
 */
export class Folded {
  readonly text: string;
  /** How many units there are. */
  length = 0;
  readonly units: Uint16Array;
  /** Where in the text each unit comes from. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Whether there was a backslash before it, or several: escapes may be escaped themselves. */
  readonly #escaped: Uint8Array;
  /** Where the backslashes before the next unit begin. */
  #backslash: number | undefined;

  constructor(text: string) {
    this.text = text;
    // A letter has three bytes at most, or two units.
    const most = 3 * text.length;
    this.units = new Uint16Array(most);
    this.starts = new Uint32Array(most);
    this.ends = new Uint32Array(most);
    this.#escaped = new Uint8Array(most);
    for (let index = 0; index < text.length; index++) this.#add(text.charCodeAt(index), index, index + 1);
  }

  #add(unit: number, start: number, end: number): void {
    const high = this.units[this.length - 1] ?? 0;
    if (unit === backslash) this.#backslash ??= start;
    else if (isBetween(unit, 0xdc00, 0xdfff) && isBetween(high, 0xd800, 0xdbff)) {
      const point = (high - 0xd800) * 0x400 + unit - 0xdc00 + 0x10000;
      const first = this.#drop(1);
      for (const shift of [18, 12, 6, 0]) this.#push(byteOf(point, shift, 18), first, end);
    } else if (unit > 0x7ff && !isBetween(unit, 0xd800, 0xdbff)) {
      for (const shift of [12, 6, 0]) this.#push(byteOf(unit, shift, 12), start, end);
    } else if (isBetween(unit, 0x100, 0x7ff)) {
      for (const shift of [6, 0]) this.#push(byteOf(unit, shift, 6), start, end);
    } else this.#push(unit, start, end);
  }

  #push(unit: number, start: number, end: number): void {
    const index = this.length++;
    const escaped = this.#backslash !== undefined;
    // In a form, a plus is a blank.
    const letter = unit === plus ? blank : isBetween(unit, 0x41, 0x5a) ? unit + 0x20 : unit;
    this.units[index] = (escaped && escapes[String.fromCharCode(letter)]) || letter;
    this.starts[index] = this.#backslash ?? start;
    this.ends[index] = end;
    this.#escaped[index] = escaped ? 1 : 0;
    this.#backslash = undefined;
    this.#decode(index);
  }

  #decode(last: number): void {
    const { units } = this;
    const unit = units[last] ?? 0;
    const before = units[last - 1] ?? 0;
    // A letter between U+0080 and U+00FF is its byte, whether it was encoded as UTF-8 once, or twice.
    if (isBetween(unit, 0x80, 0xbf) && isBetween(before, 0xc2, 0xc3))
      this.#replace(2, ((before & 3) << 6) | (unit & 0x3f));
    else if (unit === semicolon) this.#decodeReference();
    else if (units[last - 2] === percent || this.#isMark(last - 2, x)) this.#decodeDigits(3, 2);
    else if (this.#isMark(last - 4, u)) this.#decodeDigits(5, 4);
    else if (units[last - 4] === u && units[last - 5] === percent) this.#decodeDigits(6, 4);
  }

  #isMark(index: number, letter: number): boolean {
    return this.units[index] === letter && this.#escaped[index] === 1;
  }

  #decodeDigits(count: number, digits: number): void {
    let value = 0;
    for (let index = this.length - digits; index < this.length; index++) {
      const unit = this.units[index] ?? 0;
      if (isBetween(unit, 0x30, 0x39)) value = value * 16 + unit - 0x30;
      else if (isBetween(unit, 0x61, 0x66)) value = value * 16 + unit - 0x57;
      else return;
    }
    this.#replace(count, value);
  }

  #decodeReference(): void {
    const last = this.length - 1;
    let from = last;
    while (from > last - longestReference && from > 0 && this.units[from] !== ampersand) from--;
    if (this.units[from] !== ampersand) return;
    const reference = String.fromCharCode(...this.units.subarray(from + 1, last));
    const [, hex, decimal = ''] = /^#(?:x([\da-f]+)|(\d+))$/.exec(reference) ?? [];
    const point = named[reference] ?? (hex ? Number.parseInt(hex, 16) : Number.parseInt(decimal, 10));
    if (!(point <= 0x10ffff)) return;
    const [first = 0, second] = unitsOf(point);
    this.#replace(this.length - from, first);
    if (second !== undefined) this.#add(second, this.starts[this.length - 1] ?? 0, this.ends[this.length - 1] ?? 0);
  }

  #replace(count: number, unit: number): void {
    const end = this.ends[this.length - 1] ?? 0;
    this.#add(unit, this.#drop(count), end);
  }

  /** Takes the last units away, and tells where they began. */
  #drop(count: number): number {
    this.length -= count;
    return this.starts[this.length] ?? 0;
  }
}

function isBetween(unit: number, first: number, last: number): boolean {
  return unit >= first && unit <= last;
}

/** A byte of a letter in UTF-8, whose first byte holds what is above `most` bits. */
function byteOf(point: number, shift: number, most: number): number {
  const bits = point >> shift;
  if (shift < most) return 0x80 | (bits & 0x3f);
  return bits | (most === 18 ? 0xf0 : most === 12 ? 0xe0 : 0xc0);
}

function unitsOf(point: number): number[] {
  return Array.from({ length: point > 0xffff ? 2 : 1 }, (_, index) => String.fromCodePoint(point).charCodeAt(index));
}
