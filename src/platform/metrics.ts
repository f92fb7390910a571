import { Registry, collectDefaultMetrics } from 'prom-client';

export const METRICS_MEDIA_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** One metric with all of its samples, as it is when it is asked for. */
export interface MetricFamily {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  samples: readonly Sample[];
}

export interface Sample {
  /** What follows the name, such as `_bucket`. */
  suffix?: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** Reads plain fields when somebody asks; nothing is paid for on the way of a call. */
export type MetricSource = () => readonly MetricFamily[] | Promise<readonly MetricFamily[]>;

export interface Metrics {
  /** Prometheus' text format, version 0.0.4. */
  text(): Promise<string>;
}

/** The metrics of this process: memory, processor, event loop (`process_*`, `nodejs_*`), and those of the sources. */
export function createMetrics(sources: readonly MetricSource[]): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  return {
    async text() {
      const families = await Promise.all(sources.map(async (read) => read()));
      return `${await register.metrics()}\n${families.flat().map(familyText).join('')}`;
    },
  };
}

/** A metric that is one number. */
export function single(type: 'counter' | 'gauge', name: string, help: string, value: number): MetricFamily {
  return { name, help, type, samples: [{ labels: {}, value }] };
}

function familyText({ name, help, type, samples }: MetricFamily): string {
  const lines = samples.map(({ suffix = '', labels, value }) => `${name}${suffix}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
