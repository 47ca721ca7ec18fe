import type { Api, ApiOptions } from "#shared/client/rest-client.ts";

export type { Api } from "#shared/client/rest-client.ts";

/** Makes an {@link Api}: `makeApi` of the client library, or a test's own. */
export type MakeApi = (options: ApiOptions) => Api;
