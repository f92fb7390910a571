import { z } from 'zod';

const OUT_OF_DATE = 'This form is out of date. Reload the page and try again.';

/** Made when the form was rendered, or by a program as its Idempotency-Key: what is sent twice makes one key. */
export const requestIdField = z.string(OUT_OF_DATE).regex(/^[0-9A-Za-z_-]{16,64}$/, OUT_OF_DATE);
