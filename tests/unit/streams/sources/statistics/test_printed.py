from streams.sources.statistics.printed import number_as_printed
from tests.each_case import each_case

READ = """
逾万件                    above    10000       -
过百亿元                  above    10000000000 CNY
百余件                    above    100         -
14,000 or more            at_least 14000       -
至少1.4万件               at_least 14000       -
14000以内                 at_most  14000       -
in excess of 14,000       above    14000       -
just over 1.4m            above    1400000     -
一百五十件                None     150         -
總計3.5萬戶               None     35000       -
高达2,223笔               None     2223        -
€3mln                     None     3000000     EUR
HK$2.5 bn                 None     2500000000  HKD
4.42 billion U.S. dollars None     4420000000  USD
3.2 lakh                  None     320000      -
jumped 57.1%              None     57.1        -
15.3% year-on-year        None     15.3        -
较上年同期增长15.3%       None     15.3        -
增幅达15.3%               None     15.3        -
a decline of 3.2 percent  None     -3.2        -
下降超5%                  below    -5          -
down nearly 5%            about    -5          -
\uff0b15.3％              None     15.3        -
""".strip().splitlines()


@each_case("line", READ)
def test_a_number_is_read_in_the_words_of_releases(line: str) -> None:
    *printed, bound, value, currency = line.split()
    found = number_as_printed(" ".join(printed), "a figure")
    assert (str(found.bound), found.currency or "-") == (bound, currency)
    assert found.decimal.scaleb(found.power) == float(value) or f"{found.decimal.scaleb(found.power)}" == value
