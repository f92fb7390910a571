import { z } from 'zod';

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, `must be a whole number from ${least} to ${most}`)
    .refine((value) => Number(value) >= least && Number(value) <= most, `must be from ${least} to ${most}`);

/** How large documents that owners send may be, and how much of earlier ones is kept. */
export const publishingSettings = {
  DOCUMENT_MAX_MIB: {
    meaning: 'Most MiB of an OpenAPI document that an owner uploads or pushes.',
    defaultText: '5',
    schema: whole(1, 20),
  },
  DOCUMENT_HISTORY_MIB: {
    meaning:
      'Most MiB, compressed, of earlier documents that each version keeps to roll back to. Who published what, when and why is kept in any case.',
    defaultText: '100',
    schema: whole(1, 10_000),
  },
} as const;

const MIB = 1024 * 1024;

export interface PublishingConfig {
  documentMaxBytes: number;
  /** For each version. */
  documentHistoryBytes: number;
}

export function publishingConfig(read: Record<'DOCUMENT_MAX_MIB' | 'DOCUMENT_HISTORY_MIB', string>): PublishingConfig {
  return {
    documentMaxBytes: Number(read.DOCUMENT_MAX_MIB) * MIB,
    documentHistoryBytes: Number(read.DOCUMENT_HISTORY_MIB) * MIB,
  };
}
