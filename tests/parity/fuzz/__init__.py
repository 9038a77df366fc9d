"""Random histories of requests, played against a reference and against KlantBrug, or held to laws.

`drawing` draws requests, `bodies` what they send, `playing` plays and compares them, `shrinking` makes a
history that differs as short as it gets, `laws` says what holds of any server of this API.
"""
