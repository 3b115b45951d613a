/** How TypeScript reads the kernel's number types in the files that it shares with the host. */
declare type i32 = number;
/** Only constants below 2^53 are shared. */
declare type i64 = number;
declare type f64 = number;
