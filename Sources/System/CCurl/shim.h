#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/* What Swift cannot call: curl_easy_setopt and curl_easy_getinfo are variadic. */

static inline CURLcode
curl_set_text (CURL *handle, CURLoption option, const char *value)
{
  return curl_easy_setopt (handle, option, value);
}

static inline CURLcode
curl_set_number (CURL *handle, CURLoption option, long value)
{
  return curl_easy_setopt (handle, option, value);
}

static inline CURLcode
curl_set_size (CURL *handle, CURLoption option, curl_off_t value)
{
  return curl_easy_setopt (handle, option, value);
}

static inline CURLcode
curl_set_headers (CURL *handle, struct curl_slist *headers)
{
  return curl_easy_setopt (handle, CURLOPT_HTTPHEADER, headers);
}

/* The bytes are not copied: they must stay until the transfer has ended. */
static inline CURLcode
curl_set_body (CURL *handle, const void *bytes, size_t count)
{
  curl_easy_setopt (handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) count);
  return curl_easy_setopt (handle, CURLOPT_POSTFIELDS, bytes);
}

/* Where received bytes go, and who is asked from time to time whether to go on. */
static inline CURLcode
curl_set_receiver (CURL *handle, curl_write_callback received, curl_xferinfo_callback asked, void *receiver)
{
  curl_easy_setopt (handle, CURLOPT_WRITEFUNCTION, received);
  curl_easy_setopt (handle, CURLOPT_WRITEDATA, receiver);
  curl_easy_setopt (handle, CURLOPT_XFERINFOFUNCTION, asked);
  curl_easy_setopt (handle, CURLOPT_XFERINFODATA, receiver);
  return curl_easy_setopt (handle, CURLOPT_NOPROGRESS, 0L);
}

/* The HTTP status of the last transfer, or 0. */
static inline long
curl_status (CURL *handle)
{
  long status = 0;
  curl_easy_getinfo (handle, CURLINFO_RESPONSE_CODE, &status);
  return status;
}
