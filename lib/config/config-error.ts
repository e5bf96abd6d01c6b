/** A setting that cannot be used. The message is one line, made to be shown. */
export class ConfigError extends Error {}
