import { forwarded, forwardedGet, headOf, refused, type RequestVector } from './vector.ts'

const BAD_HOST = refused(400, 'host')

/** RFC 9112 §3.2 and RFC 9110 §7.2: exactly one host, and one that every party reads in the same way. */
export const hostVectors: readonly RequestVector[] = [
  ...accepted('a host with a port is taken', 'a.example:8080'),
  ...accepted('an address is taken', '127.0.0.1:80'),
  ...accepted('an IPv6 address is taken', '[::1]:80'),
  ...accepted('a name with an underscore is taken, as internal names have it', 'my_app'),
  {
    name: 'blanks around the host are no part of it',
    bytes: headOf('GET / HTTP/1.1', 'Host: \t a \t'),
    expected: forwardedGet(),
  },
  {
    name: 'a missing Host is refused',
    bytes: headOf('GET / HTTP/1.1'),
    expected: BAD_HOST,
  },
  {
    name: 'two Hosts are refused, even equal ones',
    bytes: headOf('GET / HTTP/1.1', 'Host: a', 'Host: a'),
    expected: BAD_HOST,
  },
  {
    name: 'two Hosts that differ by the case of their name are refused',
    bytes: headOf('GET / HTTP/1.1', 'Host: a', 'hOST: b'),
    expected: BAD_HOST,
  },
  {
    name: 'two Hosts are refused in HTTP/1.0 too',
    bytes: headOf('GET / HTTP/1.0', 'Host: a', 'Host: b'),
    expected: BAD_HOST,
  },
  {
    name: 'an absolute target with another host is refused',
    bytes: headOf('GET http://b/ HTTP/1.1', 'Host: a'),
    expected: BAD_HOST,
  },
  {
    name: 'an absolute target does not make up for a missing Host in HTTP/1.1',
    bytes: headOf('GET http://a/ HTTP/1.1'),
    expected: BAD_HOST,
  },
  ...[
    ['an empty host', ''],
    ['a host with a space in it', 'a b'],
    ['a host with a user', 'u@a'],
    ['a host with a path', 'a/b'],
    ['a list of hosts', 'a,b'],
    ['a host with a port that is no number', 'a:b'],
    ['a host with a port beyond all ports', 'a:65536'],
    ['a host with two ports', 'a:1:2'],
    ['a host beyond ASCII', '\u00e9'],
    ['a host with an escape', 'a%0d%0ab'],
    ['an open bracket', '[::1'],
    ['brackets around what is no address', '[a.b:c]'],
    ['brackets around colons', '[:::]'],
    ['a host with a scheme', 'http://a'],
    ['a host with a query', 'a?b'],
    ['a host with a backslash', 'a\\b'],
  ].map(([name, host]) => ({
    name: `refuses ${name}`,
    bytes: headOf('GET / HTTP/1.1', `Host: ${host}`),
    expected: BAD_HOST,
  })),
]

function accepted(name: string, host: string): readonly RequestVector[] {
  return [
    {
      name,
      bytes: headOf('GET / HTTP/1.1', `Host: ${host}`),
      expected: forwarded(['GET / HTTP/1.1', `Host: ${host}`]),
    },
  ]
}
