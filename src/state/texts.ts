import type { ByteReader, ByteWriter } from '../core/bytes.ts';

const AS_UTF8 = 0;
const AS_UTF16 = 1;

/** All texts as one, and their lengths: one call each of the encoder and the decoder. A text that was cut within a pair of UTF-16 stays as it was. */
export function writeTexts(writer: ByteWriter, texts: readonly string[]): void {
  const lengths = writer.words(texts.length);
  for (let i = 0; i < texts.length; i++) lengths[i] = texts[i]!.length;
  const all = texts.join('');
  const isWhole = all.isWellFormed();
  writer.u32(isWhole ? AS_UTF8 : AS_UTF16);
  if (isWhole) writer.text(all);
  else writer.array(Buffer.from(all, 'utf16le'));
}

export function readTexts(reader: ByteReader): string[] {
  const lengths = reader.u32s();
  const encoding = reader.u32() === AS_UTF8 ? 'utf8' : 'utf16le';
  const bytes = reader.inPlace();
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(encoding);
  let end = 0;
  return Array.from(lengths, (length) => {
    end += length;
    return all.slice(end - length, end);
  });
}
