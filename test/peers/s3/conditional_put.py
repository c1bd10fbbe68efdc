"""Gives Swift's S3 API the conditional writes that S3 has: `If-None-Match: *` on PUT.

The s3api of Swift 2.30 (Debian 12) refuses the header with 501, although the object server behind it knows it; and the
object server looks before it writes, so that of two writers at the same time both may win. This filter, first in the
pipeline, hides the header from that one check, and lets one conditional write of an object through at a time, which is
enough where one proxy serves all. Signatures, storage and listings are Swift's own.
"""
from collections import defaultdict

from eventlet.semaphore import Semaphore
from swift.common.middleware.s3api import s3request


def filter_factory(global_conf, **local_conf):
    original = s3request.S3Request._validate_headers

    def validate(self):
        if self.method != 'PUT' or self.environ.get('HTTP_IF_NONE_MATCH') != '*':
            return original(self)
        del self.environ['HTTP_IF_NONE_MATCH']
        try:
            original(self)
        finally:
            self.environ['HTTP_IF_NONE_MATCH'] = '*'

    s3request.S3Request._validate_headers = validate
    locks = defaultdict(Semaphore)

    def one_at_a_time(app):
        def call(env, start_response):
            if env['REQUEST_METHOD'] != 'PUT' or 'HTTP_IF_NONE_MATCH' not in env:
                return app(env, start_response)
            with locks[env['PATH_INFO']]:
                return list(app(env, start_response))
        return call

    return one_at_a_time
