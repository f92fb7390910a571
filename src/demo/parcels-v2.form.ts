import { z } from 'zod';

import { MAX_WEIGHT_GRAMS, parcelStatuses, services } from './parcel.ts';

const text = (most: number) =>
  z.string('Must be text.').min(1, 'Must not be empty.').max(most, `Must be ${most} characters at most.`);
const whole = (most: number) =>
  z.int('Must be a whole number.').min(1, 'Must be 1 or more.').max(most, `Must be ${most} at most.`);
const country = z.string('Must be text.').regex(/^[A-Z]{2}$/, 'Must be two capital letters, such as PT.');
const service = z.enum(services, `Must be one of ${services.join(', ')}.`);
const weightGrams = whole(MAX_WEIGHT_GRAMS);

export const address = z.strictObject({
  name: text(80),
  street: text(120),
  postalCode: text(12),
  city: text(80),
  country,
});

export const newParcel = z.strictObject({
  reference: text(40).optional(),
  service,
  weightGrams,
  size: z.strictObject({ lengthMm: whole(1750), widthMm: whole(800), heightMm: whole(800) }),
  sender: address,
  recipient: address,
  deliveryNote: text(140).optional(),
});

export const parcelChange = z
  .strictObject({
    weightGrams: weightGrams.optional(),
    recipient: address.optional(),
    deliveryNote: text(140).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'Must name one member or more.');

export const quoteRequest = z.strictObject({ from: country, to: country, weightGrams });

export const newPickup = z.strictObject({
  day: z.iso.date('Must be a date such as 2030-03-18.'),
  window: z.enum(['morning', 'afternoon'], 'Must be morning or afternoon.'),
  parcelCount: whole(500),
  address,
});

export const newWebhook = z.strictObject({
  url: z.url({ protocol: /^https$/, error: 'Must be an https address.' }).max(200, 'Must be 200 characters at most.'),
  events: z
    .array(z.enum(parcelStatuses, `Must be one of ${parcelStatuses.join(', ')}.`), 'Must be a list.')
    .min(1, 'Must name one event or more.')
    .refine((events) => new Set(events).size === events.length, 'Must not name an event twice.'),
});

export const parcelQuery = z.object({
  status: z.enum(parcelStatuses, `status must be one of ${parcelStatuses.join(', ')}`).optional(),
  reference: text(40).optional(),
  pageSize: z.coerce.number().pipe(z.int().min(1).max(100)).default(20),
  cursor: z.string().optional(),
});
