/** What the tools made of `PLAIN`, so that a unit test starts none of them. */
export const PLAIN = Buffer.from(
  `${'The quick brown fox jumps over the lazy dog. '.repeat(4)}And back again, with a sphinx of black quartz.\n`,
);

const made = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

/** By `bzip2 -9 -c`. */
export const BZIP2 = made(
  'QlpoOTFBWSZTWf3F4CIAABvXgAAQQAUgAAQAP///8CAAiBKpiDQaPUxA0xAVUU8oZpDQGj1PSekZYOTNywqEQqCAqQXMDaQa4fRBARUOl20kSQp7I4yPAuWkRN94Kn7InhtgaoZ7jgTOesZ2InosVuTgqZHTMnSJjtBseScRp9NKH8XckU4UJD9xeAiA',
);

/** By `xz --check=crc32 -c`. */
export const XZ = made(
  '/Td6WFoAAAFpIt42AgAhARYAAAB0L+Wj4ADiAFtdACoaCKIDJWbxS3jFogX/LubZ0iAarTT44h3oQTb63AZpuzzkEDQnCeuzZuPtN2ooWCT13FH19K8QVn3KuOg573CtgM1D6X2LjrkqKmoc7wmf/xwsSZN/LKIYKwAAAC4FirQAAXPjAQAAANhxK5k+MA2LAgAAAAABWVo=',
);

/** By `xz --check=none -c`. */
export const XZ_UNCHECKED = made(
  '/Td6WFoAAAD/EtlBAgAhARYAAAB0L+Wj4ADiAFtdACoaCKIDJWbxS3jFogX/LubZ0iAarTT44h3oQTb63AZpuzzkEDQnCeuzZuPtN2ooWCT13FH19K8QVn3KuOg573CtgM1D6X2LjrkqKmoc7wmf/xwsSZN/LKIYKwAAAAABb+MBAAAAOLM/7agACvwCAAAAAABZWg==',
);

/** By `xz --format=lzma -c`. */
export const LZMA = made(
  'XQAAgAD//////////wAqGgiiAyVm8Ut4xaIF/y7m2dIgGq00+OId6EE2+twGabs85BA0Jwnrs2bj7TdqKFgk9dxR9fSvEFZ9yrjoOe9wrYDNQ+l9i465KipqHO8Jn/8cLEmTfyyzgch///skNAA=',
);

/** By `lzip -c`. */
export const LZIP = made(
  'TFpJUAEMACoaCKIDJWbxS3jFogX/LubZ0iAarTT44h3oQTb63AZpuzzkEDQnCeuzZuPtN2ooWCT13FH19K8QVn3KuOg573CtgM1D6X2LjrkqKmoc7wmf/xwsSZN/LLOByH//+yQ0AC4FirTjAAAAAAAAAHsAAAAAAAAA',
);

/** By `zstd -q -19 -c`. */
export const ZSTD = made(
  'KLUv/STjxQIAgsUSFoBtxgAidOJrDTb0HUbfFCf0ZlfSEXqAmuDL2ChrY49cU8Y5V9igA9fyyBMi14UTVscWS1MqM4U/9uwOs0TkaI0dtG+dEC02Mx0CAgALKnglQEqVAWHtJNQ=',
);

/** By `zstd -q -1 --no-check -c`. */
export const ZSTD_UNCHECKED = made(
  'KLUv/SDj3QIAwkUUGpC3GQPYjURNrYW+NxIxW9ulNTPr6c/1fj4BgNO4hi95JTzQxc4wTUQZT6fLAaZo4CshmmCCj7HEhwaPVbqbMuwKUniEmS1myzb0SvqSVQ4CAQAlQEqVAQ==',
);

/** By `lz4 -q -9 --content-size -c`. */
export const LZ4 = made(
  'BCJNGGxA4wAAAAAAAAAyYgAAAP8eVGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVyIHRoZSBsYXp5IGRvZy4gLQB08BRBbmQgYmFjayBhZ2Fpbiwgd2l0aCBhIHNwaGlueCBvZiBibB4AgHF1YXJ0ei4KAAAAABU5aI4=',
);

/** By `lz4 -q -l -c`. */
export const LZ4_LEGACY = made(
  'AiFMGGIAAAD/HlRoZSBxdWljayBicm93biBmb3gganVtcHMgb3ZlciB0aGUgbGF6eSBkb2cuIC0AdPAUQW5kIGJhY2sgYWdhaW4sIHdpdGggYSBzcGhpbnggb2YgYmweAIBxdWFydHouCg==',
);

/** By `compress -f -c`. */
export const LZW = made(
  'H52QVNCUARGnTpoxa0CIkfPmjhsQZt7gAaGmThs4c0C8sVNGDgg6AkGwCaMnDwgyb864ABFwYMGDCRc2fBhxYsWLGTd2/BhyZMmTKVe2JGgQoUKGDiFKpGgRo0aOHkEO9GkSpUqWIV8alZm0JlOcT3dKFUmyalAQQdyQURjGaJgzYdK4YQHiThqQIMKAmAMHjdyJb8woHGm0YBg5dPS4UAA=',
);

/** By `gzip -n -c`. */
export const GZIP = made(
  'H4sIAAAAAAAAA83KyxVAMBAF0L0qXgGOHvSQBiaExGcmX0H16ML6XmUNQnHDCh2lMiY5sZTdJ8hhIvLLG90XRpk7qH/knkdoei/N5LhFddmCkLx1fEIm6O3TUCjmu2seLgWKtOMAAAA=',
);
