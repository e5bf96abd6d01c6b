declare module 's3rver' {
  export default class S3rver {
    constructor(options: {
      address: string
      port: number
      directory: string
      silent: boolean
      configureBuckets: Array<{ name: string }>
    })
    run(): Promise<{ port: number }>
    close(): Promise<void>
  }
}
