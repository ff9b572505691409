const named: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** Only the first 300 characters are matched, to bound the pattern. */
const enough = 300;

/**
 * Cuts secrets out of foreign text, in every spelling: as they are, or as a URL, a form, an HTML page or JSON encodes them.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  return [...new Set(secrets)].reduce((rest, secret) => {
    if (secret === '') return rest;
    return rest.replaceAll(secret, '[redacted]').replaceAll(anySpelling(secret), '[redacted]');
  }, text);
}

function anySpelling(secret: string): RegExp {
  const characters = Array.from(secret);
  const pattern = characters.slice(0, enough).map((character) => oneOf(spellings(character)));
  // Small or capital: the digits of a code may be either.
  return new RegExp(pattern.join('') + (characters.length > enough ? '\\S*' : ''), 'giu');
}

function oneOf(alternatives: readonly string[]): string {
  return alternatives.length === 1 ? String(alternatives[0]) : `(?:${alternatives.join('|')})`;
}

/** Every pattern is bounded, so that redaction takes linear time. */
function spellings(character: string): string[] {
  // These are the same everywhere, and nearly all that an assertion is made of.
  if (/[\w.-]/.test(character)) return [character.replace('.', '\\.')];
  const bytes = [...new TextEncoder().encode(character)];
  const point = character.codePointAt(0) ?? 0;
  const units = Array.from({ length: character.length }, (_, index) => hex(character.charCodeAt(index), 4));
  return [
    // Escaped, perhaps more than once; read as another encoding; or lost on the way.
    `\\\\{0,3}${code(point)}`,
    ...(point > 0x7f ? [bytes.map(code).join(''), '[?\\ufffd ]'] : []),
    ...(character === ' ' ? ['\\+'] : []),
    bytes.map((byte) => `%(?:25){0,2}${hex(byte, 2)}`).join(''),
    `&#0{0,4}${point};`,
    `&#x0{0,4}${point.toString(16)};`,
    ...(named[character] === undefined ? [] : [`&${named[character]};`]),
    units.map((unit) => `\\\\{1,3}u${unit}`).join(''),
  ];
}

function code(point: number): string {
  return `\\u{${point.toString(16)}}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
