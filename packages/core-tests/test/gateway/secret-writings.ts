/** Texts that hold a secret in six encodings, alone and among others. */
export function writingsOf(secret: string): readonly string[] {
  const around = [secret, `Bearer ${secret}`, `x${secret}yz`, `xy${secret}z`].map((text) => Buffer.from(text));
  return [
    secret,
    JSON.stringify(secret),
    encodeURIComponent(secret),
    ...around.flatMap((bytes) => [bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')]),
  ];
}

/** What to look for: the longest part of each encoding that does not depend on what stands around the secret. */
export function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const inside = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]);
    // Six bits a letter: the first whole letter of the secret's own, and the last.
    const own = (all: string): string => all.slice(Math.ceil((before * 8) / 6), Math.floor((text.length * 8) / 6));
    return [own(text.toString('base64')), own(text.toString('base64url'))];
  });
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), bytes.toString('hex'), ...inside];
}

/** Letters that a form is found by: each form has more. */
const headLength = 6;

/**
 * The secrets that stand in a text, in any of their forms. One walk over the text: to look for thousands of forms one after another in all that a life leaves
 * behind takes a minute.
 */
export function secretsIn(text: string, secrets: readonly string[]): readonly string[] {
  const byHead = new Map<string, [form: string, secret: string][]>();
  const heads = new Uint8Array(65_536);
  for (const secret of secrets) {
    for (const form of formsOf(secret)) {
      if (form.length < headLength) throw new Error('A secret of so few letters is found everywhere.');
      const head = form.slice(0, headLength);
      heads[headOf(form, 0)] = 1;
      byHead.set(head, [...(byHead.get(head) ?? []), [form, secret]]);
    }
  }
  const found = new Set<string>();
  for (let at = 0; at <= text.length - headLength; at += 1) {
    if (heads[headOf(text, at)] === 0) continue;
    for (const [form, secret] of byHead.get(text.slice(at, at + headLength)) ?? []) if (text.startsWith(form, at)) found.add(secret);
  }
  return secrets.filter((secret) => found.has(secret));
}

/** A number below 65,536 of the four letters there. */
const headOf = (text: string, at: number): number =>
  ((text.charCodeAt(at) << 9) ^ (text.charCodeAt(at + 1) << 6) ^ (text.charCodeAt(at + 2) << 3) ^ text.charCodeAt(at + 3)) & 65_535;
