import { createCipheriv, type KeyObject } from 'node:crypto';

/** One side of the forgery: a key and the associated data that is used with it. */
export interface KeySide {
  readonly key: KeyObject;
  readonly associatedData: Uint8Array;
}

const reduction = 0xe1n << 120n;
const toBytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(32, '0'), 'hex');
const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

/** Multiplication in GF(2^128) with the bit order of GCM. */
function multiply(left: bigint, right: bigint): bigint {
  let product = 0n;
  let factor = right;
  for (let bit = 127n; bit >= 0n; bit -= 1n) {
    if ((left >> bit) & 1n) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ reduction : factor >> 1n;
  }
  return product;
}

/** The inverse, by Fermat: x to the power of 2^128 - 2. */
function invert(value: bigint): bigint {
  let result = 1n << 127n;
  let power = value;
  for (let exponent = 1; exponent < 128; exponent += 1) {
    power = multiply(power, power);
    result = multiply(result, power);
  }
  return result;
}

/** The tag that GCM gives to a ciphertext of our choice. */
function tagFor({ key, associatedData }: KeySide, iv: Uint8Array, ciphertext: Uint8Array): Buffer {
  const keystream = createCipheriv('aes-256-gcm', key, iv).update(Buffer.alloc(ciphertext.byteLength));
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
  cipher.setAAD(associatedData);
  cipher.update(keystream.map((byte, index) => byte ^ (ciphertext[index] ?? 0)));
  cipher.final();
  return cipher.getAuthTag();
}

/** A ciphertext of two blocks with one tag that AES-256-GCM accepts under both keys: the second block is solved for. */
export function twoKeyCiphertext(first: KeySide, second: KeySide, iv: Uint8Array): { ciphertext: Buffer; tag: Buffer } {
  const squared = ({ key }: KeySide): bigint => {
    const hashKey = toNumber(createCipheriv('aes-256-ecb', key, null).update(Buffer.alloc(16)));
    return multiply(hashKey, hashKey);
  };
  const start = Buffer.from('invisible salama');
  const base = Buffer.concat([start, Buffer.alloc(16)]);
  const difference = toNumber(tagFor(first, iv, base)) ^ toNumber(tagFor(second, iv, base));
  const block = multiply(difference, invert(squared(first) ^ squared(second)));
  const ciphertext = Buffer.concat([start, toBytes(block)]);
  return { ciphertext, tag: tagFor(first, iv, ciphertext) };
}
