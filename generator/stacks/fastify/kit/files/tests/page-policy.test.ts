import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pagePolicy } from '../src/http/page-policy.ts';

describe('the policy of an HTML page', () => {
  it('allows its own styles by their hashes', () => {
    // echo -n 'p { color: red }' | openssl dgst -sha256 -binary | base64
    const red = "'sha256-ngewhhP73WDIbgwseeu52VAAJgKdGUsu1IUQQsAm8m4='";
    assert.match(pagePolicy('<style>p { color: red }</style>'), new RegExp(`style-src 'unsafe-hashes' ${escaped(red)};`));
    assert.ok(pagePolicy('<STYLE media="all">p { color: red }</STYLE >').includes(red));
    assert.ok(pagePolicy(`<p style="p { color: red }">`).includes(red));
    assert.ok(pagePolicy(`<p id='a'\n style = 'p { color&#58; red }'>`).includes(red));
  });

  it('hashes line ends as a browser reads them', () => {
    assert.equal(pagePolicy('<style>a\r\nb\rc</style>'), pagePolicy('<style>a\nb\nc</style>'));
  });

  it('allows neither scripts nor other hosts', () => {
    const policy = pagePolicy('<script>alert(1)</script><style>p {}</style>');
    assert.match(policy, /^default-src 'none'; /);
    assert.doesNotMatch(policy, /script-src|unsafe-inline|https?:/);
    assert.match(pagePolicy('<p>none</p>'), /style-src 'none'/);
  });

  it('is quick for any page, and its header stays short', () => {
    for (const part of ['<style', '<style>', ' style', ' style="', '<p style="a"', "&#x"]) {
      const started = performance.now();
      pagePolicy(part.repeat(20_000));
      assert.ok(performance.now() - started < 2_000, part);
    }
    const many = Array.from({ length: 500 }, (_, index) => `<p style="top: ${index}px">`).join('');
    assert.ok(pagePolicy(many).length < 4_000);
  });
});

const escaped = (text: string): string => text.replace(/[+/]/g, '\\$&');
