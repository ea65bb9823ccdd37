import type { HeldCredential } from '../connections/held-credential.ts';
import type { Credential } from '../connector/auth-method.ts';

/** Shorter texts are no secrets that could be told from other text. */
const shortestSecret = 6;

/**
 * The texts by which a credential could be recognised in an answer: itself, the forms in which it is sent, and each of these as JSON, URLs,
 * XML, hex and base64 write it. The longest come first.
 */
export function secretForms(credential: HeldCredential): readonly string[] {
  const { minted } = credential;
  return secretTextForms([...textsOf(credential), ...(minted === undefined ? [] : [minted.accessToken])]);
}

/** The same for texts that are secret by themselves, such as a token that a credential was exchanged for. */
export function secretTextForms(texts: readonly string[]): readonly string[] {
  const forms = new Set(texts.filter(isLong).flatMap(formsOf).filter(isLong));
  return [...forms].sort((left, right) => right.length - left.length);
}

const isLong = (text: string): boolean => text.length >= shortestSecret;

function textsOf(credential: Credential): readonly string[] {
  switch (credential.type) {
    case 'none':
      return [];
    case 'bearer':
      return [credential.token];
    case 'basic':
      return [credential.password, Buffer.from(`${credential.username}:${credential.password}`, 'utf8').toString('base64')];
    case 'api_key':
      return [credential.key];
    case 'headers':
      return Object.values(credential.values);
    case 'service_account':
    case 'mutual_tls':
      return [credential.privateKey, pemBody(credential.privateKey)];
    case 'client_credentials':
    case 'app_installation': {
      const { privateKey = '' } = credential;
      return [privateKey, pemBody(privateKey), ...('clientSecret' in credential ? [credential.clientSecret ?? ''] : [])];
    }
    case 'secret_url':
      return [credential.url, ...partsOfUrl(credential.url)];
    case 'signature':
      // Which of them are secret is the signer's to say.
      return [];
    case 'oauth2':
      return credential.refreshToken === undefined ? [credential.accessToken] : [credential.accessToken, credential.refreshToken];
  }
}

/** Shortest part of a URL that is taken for a secret by itself, characters: others may be the id of something. */
const shortestPart = 16;

/** Path and query of a URL, and what in them may be secret by itself, such as a token at their end; each also as a service reads it. */
function partsOfUrl(url: string): readonly string[] {
  const target = url.replace(/^https?:\/\/[^/?]*/, '');
  const parts = [target, ...target.split(/[/?&=]/).filter((part) => part.length >= shortestPart)];
  return parts.flatMap((part) => [part, decoded(part), decoded(part.replaceAll('+', ' '))]);
}

/** Without its percent codes; as it is where they are none. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A PEM text without its armour and line ends. */
function pemBody(text: string): string {
  return text.replaceAll(/-----[^-]*-----|\s/g, '');
}

function formsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'utf8');
  const json = JSON.stringify(text).slice(1, -1);
  const percent = encodeURIComponent(text.toWellFormed());
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const hex = bytes.toString('hex');
  // PHP's JSON escapes slashes, and some servers write percent codes in lower case.
  const spelled = [json.replaceAll('/', '\\/'), percent.replaceAll(/%../g, (code) => code.toLowerCase())];
  return [text, json, percent, form, hex, hex.toUpperCase(), ...spelled, ...markupForms(text), ...base64Forms(bytes)];
}

const markup = /[&<>"']/g;

/** As XML and HTML write it: of the quotes, some write none, and some a number. */
function markupForms(text: string): readonly string[] {
  const quotes = [
    { '"': '"', "'": "'" },
    { '"': '&quot;', "'": "'" },
    { '"': '&quot;', "'": '&apos;' },
    { '"': '&quot;', "'": '&#39;' },
    { '"': '&#34;', "'": '&#39;' },
    { '"': '&quot;', "'": '&#039;' },
    { '"': '&quot;', "'": '&#x27;' },
  ];
  return quotes.map((names) => {
    const signs = new Map(Object.entries({ '&': '&amp;', '<': '&lt;', '>': '&gt;', ...names }));
    return text.replaceAll(markup, (sign) => signs.get(sign) ?? sign);
  });
}

/**
 * What base64 makes of the bytes wherever they stand in a longer text: its letters hold six bits each, so there are three ways to lie over
 * them. Letters that share bits with what stands before or after are left out.
 */
function base64Forms(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const letters = whole.toString('base64').slice(before === 0 ? 0 : before + 1, Math.floor((whole.length * 8) / 6));
    return [letters, letters.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
