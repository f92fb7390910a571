/** A sample of Prometheus' text format. */
export interface ExposedSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/;

/**
 * Reads the text format, version 0.0.4, and throws where it is broken: a metric without a type, one that comes twice, a
 * bucket that holds less than the one below, a histogram whose last bucket is not its count.
 */
export function parseExposition(text: string): ExposedSample[] {
  const types = new Map<string, string>();
  const samples: ExposedSample[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# HELP ')) continue;
    const [, name = '', type = ''] = /^# TYPE (\S+) (counter|gauge|histogram|summary|untyped)$/.exec(line) ?? [];
    if (name !== '') {
      if (!NAME.test(name) || types.has(name)) throw new Error(`broken or repeated metric: ${line}`);
      types.set(name, type);
    } else samples.push(parseSample(line, types));
  }
  checkHistograms(types, samples);
  return samples;
}

function parseSample(line: string, types: ReadonlyMap<string, string>): ExposedSample {
  const [, name = '', labelText = '', valueText = ''] = SAMPLE.exec(line) ?? [];
  const value = valueText === '+Inf' ? Infinity : Number(valueText);
  const family = [...types.keys()].find(
    (known) => name === known || (/^_(bucket|sum|count)$/.test(name.slice(known.length)) && name.startsWith(known)),
  );
  if (name === '' || (Number.isNaN(value) && !/^nan$/i.test(valueText)) || family === undefined)
    throw new Error(`broken sample: ${line}`);
  const labels: Record<string, string> = {};
  for (let rest = labelText; rest !== '';) {
    const found = LABEL.exec(rest);
    if (!found) throw new Error(`broken labels: ${line}`);
    labels[found[1] ?? ''] = found[2] ?? '';
    rest = rest.slice(found[0].length);
  }
  return { name, labels, value };
}

function checkHistograms(types: ReadonlyMap<string, string>, samples: readonly ExposedSample[]): void {
  for (const [name] of [...types].filter(([, type]) => type === 'histogram')) {
    const setOf = ({ labels }: ExposedSample): string =>
      JSON.stringify(Object.entries(labels).filter(([name]) => name !== 'le'));
    const buckets = Map.groupBy(
      samples.filter((sample) => sample.name === `${name}_bucket`),
      setOf,
    );
    for (const [set, own] of buckets) {
      const values = own.map(({ value }) => value);
      const count = samples.find((sample) => sample.name === `${name}_count` && setOf(sample) === set)?.value;
      const isRising = values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0));
      if (!isRising || own.at(-1)?.labels.le !== '+Inf' || values.at(-1) !== count)
        throw new Error(`broken histogram: ${name} ${set}`);
    }
  }
}
