interface Entry {
  readonly time: number;
  /** What kind of thing happens: of many that are alike, only a few are told. */
  readonly kind: string;
  readonly text: string;
}

const width = 80;
/** So many of a kind are told one by one. */
const most = 4;

/** What happened, to be read. */
export class Timeline {
  readonly entries: Entry[] = [];
  readonly #time: () => number;

  constructor(time: () => number) {
    this.#time = time;
  }

  add(kind: string, text: string): void {
    this.entries.push({ time: this.#time(), kind, text });
  }

  /** As lines of 80 columns. Of what happens many times within a second, a few are told, and then a number. */
  print(): string {
    const lines: string[] = [];
    for (let index = 0; index < this.entries.length;) {
      const end = this.entries[index]!.time + 1_000;
      const told = new Map<string, number>();
      for (let entry = this.entries[index]; entry !== undefined && entry.time < end; entry = this.entries[++index]) {
        const count = (told.get(entry.kind) ?? 0) + 1;
        told.set(entry.kind, count);
        if (count <= most) lines.push(line(clockTime(entry.time), entry.text));
      }
      for (const [kind, count] of told)
        if (count > most) lines.push(line('', `… and ${count - most} more of this kind within a second: ${kind}`));
    }
    return lines.join('\n');
  }
}

/** Hours, minutes, seconds and milliseconds. */
export function clockTime(time: number): string {
  const [hours, minutes, seconds] = [time / 3_600_000, (time / 60_000) % 60, (time / 1_000) % 60].map(Math.floor);
  return `${hours}:${pad(minutes, 2)}:${pad(seconds, 2)}.${pad(Math.floor(time % 1_000), 3)}`;
}

function line(time: string, text: string): string {
  const indent = 14;
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!;
    if (last !== '' && indent + last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((part, index) => (index === 0 ? time : '').padStart(indent - 2) + `  ${part}`).join('\n');
}

function pad(value: number | undefined, digits: number): string {
  return `${value}`.padStart(digits, '0');
}
