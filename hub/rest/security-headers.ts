/** Which other hosts the pages of this deployment need. */
export interface PageHosts {
  readonly paymentsMode: "stripe" | "sandbox";
  /** Where the browser confirms a payment. */
  readonly paymentApiBase: string;
}

/**
 * What a page may load. MapLibre draws from a worker that it makes as a blob; the component library writes style
 * elements; the payment provider's form is its own script and frame. [API14]
 */
export function pagePolicy({ paymentsMode, paymentApiBase }: PageHosts): string {
  const stripe = paymentsMode === "stripe";
  return policy({
    "default-src": ["'self'"],
    "script-src": ["'self'", ...(stripe ? ["https://js.stripe.com"] : [])],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'", "data:"],
    "worker-src": ["'self'", "blob:"],
    "connect-src": ["'self'", new URL(paymentApiBase).origin],
    "frame-src": stripe ? ["https://js.stripe.com", "https://hooks.stripe.com"] : ["'none'"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
  });
}

/** The API reference is a page of its own with scripts in the page. */
export const DOCS_POLICY = policy({
  "default-src": ["'self'"],
  "script-src": ["'self'", "'unsafe-inline'"],
  "style-src": ["'self'", "'unsafe-inline'"],
  "img-src": ["'self'", "data:", "blob:"],
  "font-src": ["'self'", "data:"],
  "connect-src": ["'self'"],
  "object-src": ["'none'"],
  "base-uri": ["'none'"],
  "frame-ancestors": ["'none'"],
});

function policy(directives: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(" ")}`)
    .join("; ");
}
