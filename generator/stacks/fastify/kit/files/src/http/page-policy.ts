import { createHash } from 'node:crypto';

const MAX_STYLES = 50;

/**
 * The content security policy of an HTML page. The page's own styles, in `<style>` and in `style` attributes, are allowed
 * by their hashes, and images by this service or in the page. Scripts never run, and nothing loads from or is sent to
 * another host: text that was not escaped can at most change how the page looks.
 */
export function pagePolicy(html: string): string {
  const styles = new Set([
    ...styleElements(html).map(normalized),
    ...[...html.matchAll(/\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map(([, double, single]) =>
      normalized(decoded(double ?? single ?? '')),
    ),
  ]);
  const hashes = [...styles].slice(0, MAX_STYLES).map((css) => `'sha256-${hash(css)}'`);
  return [
    "default-src 'none'",
    `style-src ${hashes.length > 0 ? `'unsafe-hashes' ${hashes.join(' ')}` : "'none'"}`,
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function styleElements(html: string): string[] {
  const found: string[] = [];
  const open = /<style(?=[\s/>])[^<>]*>/gi;
  const close = /<\/style(?=[\s/>])/gi;
  while (open.test(html)) {
    close.lastIndex = open.lastIndex;
    const end = close.exec(html);
    if (end === null) break;
    found.push(html.slice(open.lastIndex, end.index));
    open.lastIndex = end.index;
  }
  return found;
}

const hash = (css: string): string => createHash('sha256').update(css).digest('base64');

/** A browser hashes the parsed document, in which every line ends with a line feed. */
const normalized = (text: string): string => text.replace(/\r\n?/g, '\n');

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
