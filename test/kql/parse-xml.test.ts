import { expect, test } from 'vitest';
import { xmlFunctions } from '../../src/kql/runtime/xml.ts';

const parse = xmlFunctions[0]!.call as (text: string) => string | null;

/** XML and what the documentation of parse_xml has of it. */
test.each<[string, string | null]>([
  ['<e/>', '{"e":null}'],
  ['<e>text</e>', '{"e":"text"}'],
  ['<e name="value" />', '{"e":{"@name":"value"}}'],
  ['<e name="value">text</e>', '{"e":{"@name":"value","#text":"text"}}'],
  ['<e> <a>text</a> <b>text</b> </e>', '{"e":{"a":"text","b":"text"}}'],
  ['<e> <a>text</a> <a>text</a> </e>', '{"e":{"a":["text","text"]}}'],
  ['<e> text <a>text</a> </e>', '{"e":{"#text":"text","a":"text"}}'],
  // Only elements, attributes and texts are translated; a format that is invalid gives null.
  ['<?xml version="1.0" encoding="UTF-8"?>\n<!-- <x/> --><d>\n <v>a &lt;&#x41;</v>\n</d>', '{"d":{"v":"a <A"}}'],
  ["<e><a n='1'/><b/><a>x</a><a/></e>", '{"e":{"a":[{"@n":"1"},"x",null],"b":null}}'],
  [
    '<e xmlns="http://example.com/x"><Data Name="p">-</Data></e>',
    '{"e":{"@xmlns":"http://example.com/x","Data":{"@Name":"p","#text":"-"}}}',
  ],
  ['<e></e>', '{"e":null}'],
  ['<e><a></e></a>', null],
  ['<e>', null],
  ['text', null],
  ['', null],
  ['<e a=1/>', null],
  [`<e>${'x'.repeat(1_048_576)}</e>`, null],
])('%s', (text, wanted) => {
  expect(parse(text)).toBe(wanted);
});

test.each([
  ['<e>a<b/>c</e>', /several pieces of text/],
  ['<e><![CDATA[x]]></e>', /CDATA/],
  ['<n:e/>', /names with a prefix/],
  ['<e/><f/>', /several roots/],
  ['<e>&nbsp;</e>', /the entity &nbsp;/],
  ['<e a="1" a="2"/>', /an attribute twice/],
  ['<a>'.repeat(300), /nested so deeply/],
])('%s is refused', (text, why) => {
  expect(() => parse(text)).toThrow(why);
});
