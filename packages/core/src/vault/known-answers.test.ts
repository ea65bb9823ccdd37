import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openGcm, sealGcm } from './aes-gcm.ts';
import { createHmacSha256 } from './hmac-sha-256.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const iv = 'cafebabefacedbaddecaf888';
const key = 'feffe9928665731c6d6a8f9467308308'.repeat(2);
const plaintext =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255';
const ciphertext =
  '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad';

/** The cases for 256-bit keys and 96-bit IVs of "The Galois/Counter Mode of Operation", McGrew and Viega, appendix B. */
const gcmCases = [
  { id: 13, key: '00'.repeat(32), iv: '00'.repeat(12), aad: '', plaintext: '', ciphertext: '', tag: '530f8afbc74536b9a963b4f1c4cb738b' },
  {
    id: 14,
    key: '00'.repeat(32),
    iv: '00'.repeat(12),
    aad: '',
    plaintext: '00'.repeat(16),
    ciphertext: 'cea7403d4d606b6e074ec5d3baf39d18',
    tag: 'd0d1c8a799996bf0265b98b5d48ab919',
  },
  { id: 15, key, iv, aad: '', plaintext, ciphertext, tag: 'b094dac5d93471bdec1a502270e3cc6c' },
  {
    id: 16,
    key,
    iv,
    aad: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    plaintext: plaintext.slice(0, 120),
    ciphertext: ciphertext.slice(0, 120),
    tag: '76fc6ece0f4e1768cddf8853bb2d551b',
  },
];

describe('AES-256-GCM', () => {
  it.each(gcmCases)('gives the published answer of test case $id', (known) => {
    const input = { key: createSecretKey(bytes(known.key)), iv: bytes(known.iv), associatedData: bytes(known.aad) };
    const sealed = sealGcm(input, bytes(known.plaintext));
    expect([sealed.ciphertext.toString('hex'), sealed.tag.toString('hex')]).toEqual([known.ciphertext, known.tag]);
    expect(openGcm(input, sealed)?.toString('hex')).toBe(known.plaintext);
  });

  it('opens nothing of which a bit was changed', () => {
    for (const known of gcmCases) {
      const input = { key: createSecretKey(bytes(known.key)), iv: bytes(known.iv), associatedData: bytes(known.aad) };
      const sealed = { ciphertext: bytes(known.ciphertext), tag: bytes(known.tag) };
      for (const part of [input.iv, input.associatedData, sealed.ciphertext, sealed.tag]) {
        for (let bit = 0; bit < part.byteLength * 8; bit += 1) {
          const before = part[bit >> 3] ?? 0;
          part[bit >> 3] = before ^ (1 << (bit & 7));
          expect(openGcm(input, sealed)).toBeUndefined();
          part[bit >> 3] = before;
        }
      }
      expect(openGcm(input, sealed)).toBeDefined();
    }
  });

  it('takes no IV but one of 12 bytes and no tag but one of 16', () => {
    const input = { key: createSecretKey(randomBytes(32)), associatedData: randomBytes(8) };
    for (const size of [0, 1, 4, 8, 11, 13, 16, 32]) expect(() => sealGcm({ ...input, iv: randomBytes(size) }, 'x')).toThrow(TypeError);
    const sealed = sealGcm({ ...input, iv: bytes(iv) }, 'x');
    for (let size = 0; size < 16; size += 1)
      expect(() => openGcm({ ...input, iv: bytes(iv) }, { ...sealed, tag: sealed.tag.subarray(0, size) })).toThrow(TypeError);
    expect(() => openGcm({ ...input, iv: randomBytes(16) }, sealed)).toThrow(TypeError);
  });
});

/** RFC 4231, the cases whose keys have at most 32 bytes. */
const hmacCases = [
  [1, '0b'.repeat(20), '4869205468657265', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [
    2,
    '4a656665',
    '7768617420646f2079612077616e7420666f72206e6f7468696e673f',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [3, 'aa'.repeat(20), 'dd'.repeat(50), '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'],
  [
    4,
    '0102030405060708090a0b0c0d0e0f10111213141516171819',
    'cd'.repeat(50),
    '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  ],
] as const;

/** RFC 5869, the cases of SHA-256 with a salt of at most 32 bytes: input key, salt, info, pseudorandom key, output. */
const hkdfCases = [
  [
    1,
    '0b'.repeat(22),
    '000102030405060708090a0b0c',
    'f0f1f2f3f4f5f6f7f8f9',
    '077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5',
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  ],
  [
    3,
    '0b'.repeat(22),
    '',
    '',
    '19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04',
    '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
  ],
] as const;

describe('HMAC-SHA-256', () => {
  const hmac = createHmacSha256(200);

  it.each(hmacCases)('gives the published answer of case %i', (_id, secret, message, answer) => {
    expect(hmac(bytes(secret), bytes(message)).toString('hex')).toBe(answer);
    hmac.wipe();
    expect(hmac(bytes(secret), bytes(message)).toString('hex')).toBe(answer);
  });

  it.each(hkdfCases)('derives what HKDF derives in case %i', (_id, inputKey, salt, info, extracted, output) => {
    const pseudorandom = hmac(bytes(salt), bytes(inputKey));
    expect(pseudorandom.toString('hex')).toBe(extracted);
    const first = hmac(pseudorandom, Buffer.concat([bytes(info), Uint8Array.of(1)]));
    const second = hmac(pseudorandom, Buffer.concat([first, bytes(info), Uint8Array.of(2)]));
    expect(Buffer.concat([first, second]).toString('hex').slice(0, 84)).toBe(output);
  });

  it("equals Node's for every key and message that it takes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 32 }), fc.uint8Array({ maxLength: 200 }), (secret, message) => {
        const known = createHmac('sha256', secret).update(message).digest();
        expect([hmac(secret, message), hmac.published(secret, message)]).toEqual([known, known]);
      }),
    );
    expect(() => hmac(new Uint8Array(33), new Uint8Array(1))).toThrow(TypeError);
    expect(() => hmac(new Uint8Array(32), new Uint8Array(201))).toThrow(TypeError);
  });
});
