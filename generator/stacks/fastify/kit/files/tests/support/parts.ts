/** A multipart body with these fields, and a small file of each of these media types. */
export function partsOf(fields: object, files: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    for (const one of Array.isArray(value) && value.every(isPlain) ? value : [value])
      if (one !== undefined) form.append(name, isPlain(one) ? String(one) : JSON.stringify(one));
  for (const [name, type] of Object.entries(files))
    form.append(name, new Blob(['sample'], { type }), 'sample');
  return form;
}

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;
