// pack_passwords.mjs LISTS OUT: takes the words out of zxcvbn's frequency_lists.py: small letters, one a line, in the order of
// their bytes, as common_passwords.cpp looks them up; compressed with brotli. All its lists, since each word stands in one
// alone: a common password that is a word or a name as well is not among its passwords.
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const [from, to] = process.argv.slice(2);
const lists = readFileSync(from, 'latin1').matchAll(/^ *"[a-z_]*": "([^"]*)"/gm); // Latin-1: a byte is a character
const small = (word) => word.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const words = [...new Set([...lists].flatMap(([, list]) => list.split(',').map(small)))].sort();
if (words.length < 50_000) throw new Error(`${from} holds fewer than 50,000 words.`);
const lines = Buffer.from(words.join('\n') + '\n', 'latin1'), size = Buffer.alloc(4);
size.writeUInt32BE(lines.length);
const packed = brotliCompressSync(lines, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: lines.length } });
writeFileSync(to, Buffer.concat([size, packed]));
