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
